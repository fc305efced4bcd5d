using Decision.Runtime.Observation.Notes;

namespace Decision.Server.DecisionLogs;

/// <summary>Where the decision log goes. One thread at a time.</summary>
internal interface INoteWriter : IDisposable
{
    /// <summary>Begins; what cannot work is said here.</summary>
    /// <exception cref="Configuration.SettingsException">It cannot be written where the settings say.</exception>
    void Open();

    /// <summary>Writes decisions; when it returns they are with the operating system, or on their way.</summary>
    /// <exception cref="IOException">They are not written; later ones may be.</exception>
    void Write(IReadOnlyList<DecisionNote> notes);
}
