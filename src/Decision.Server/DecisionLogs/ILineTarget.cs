namespace Decision.Server.DecisionLogs;

/// <summary>What whole lines are written to.</summary>
internal interface ILineTarget : IDisposable
{
    /// <inheritdoc cref="INoteWriter.Open"/>
    void Open();

    /// <inheritdoc cref="INoteWriter.Write"/>
    void Write(ReadOnlySpan<byte> lines);
}
