using System.Globalization;

namespace Decision.Server.Transfer;

/// <summary>One line that says how far it is, where a person looks; nothing in a file or a pipe.</summary>
internal sealed class TerminalProgress(TextWriter errors) : IProgress<long>
{
    private bool _isShown;

    public void Report(long value)
    {
        _isShown = true;
        errors.Write(string.Create(CultureInfo.InvariantCulture, $"\r{value:N0} lines "));
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (_isShown)
        {
            _isShown = false;
            errors.Write("\r                    \r");
        }
    }
}
