using System.Buffers;
using Decision.Runtime.Observation.Notes;

namespace Decision.Server.DecisionLogs;

/// <summary>Writes lines of JSON to a stream or a file.</summary>
/// <param name="target">Where they go.</param>
internal sealed class LineWriter(ILineTarget target) : INoteWriter
{
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);

    public void Open() => target.Open();

    public void Write(IReadOnlyList<DecisionNote> notes)
    {
        _lines.ResetWrittenCount();
        using (var line = new DecisionLine(_lines))
        {
            foreach (var note in notes)
            {
                line.Write(note);
            }
        }

        target.Write(_lines.WrittenSpan);
    }

    public void Dispose() => target.Dispose();
}
