using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Decision.Runtime.Transfer;

/// <summary>Reads an export from its first to its last line, and finds what is wrong with it.</summary>
internal sealed class ExportReader(Stream from, ImportFindingList findings, IProgress<long>? progress)
{
    private readonly LineReader _lines = new(from);
    private readonly ExportOrder _order = new();
    private string _sum = "";

    /// <summary>The header; null where the file has none, and then nothing else was read.</summary>
    public HeaderLine? Header { get; private set; }

    /// <summary>What there is between header and trailer.</summary>
    public TransferCounts Counts => _order.Counts;

    /// <summary>The number of the line that was given last.</summary>
    public long LineNumber => _lines.Number;

    /// <summary>The lines between header and trailer that could be read.</summary>
    public async IAsyncEnumerable<ExportLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TrailerLine? trailer = null;
        while (await _lines.NextAsync(cancellation).ConfigureAwait(false) is { } bytes)
        {
            if (trailer is not null)
            {
                findings.Add(_lines.Number, "comes after the trailer: two files were joined, or something was added.");
                yield break;
            }

            ExportLine? line = ExportLineParser.Parse(bytes, out string problem);
            if (_lines.Number == 1 && line is not HeaderLine)
            {
                findings.Add(1, line is null && IsHeader(bytes) ? problem + "." : "is not the header of an export of this server.");
                yield break;
            }

            if (line is TrailerLine last)
            {
                trailer = last;
                _sum = Convert.ToHexStringLower(hash.GetCurrentHash());
                continue;
            }

            hash.AppendData(bytes.Span);
            hash.AppendData("\n"u8);
            if (line is HeaderLine header && _lines.Number == 1)
            {
                Header = header;
                continue;
            }

            problem = line is null ? problem : _order.ProblemOf(line, Header!);
            if (problem.Length > 0)
            {
                // The last line of a file that was cut off is told below.
                if (_lines.IsEnded)
                {
                    findings.Add(_lines.Number, problem + ".");
                }
            }

            if (line is not null && problem.Length == 0)
            {
                yield return line;
            }

            if (_lines.Number % TransferWords.ProgressEvery == 0)
            {
                progress?.Report(_lines.Number);
            }
        }

        CheckEnd(trailer);
    }

    private void CheckEnd(TrailerLine? trailer)
    {
        if (_lines.Number == 0)
        {
            findings.Add(0, "The file is empty.");
        }
        else if (trailer is null || !_lines.IsEnded)
        {
            findings.Add(_lines.Number, "is where the file was cut off: the trailer is missing. Copy the whole file, or export again.");
        }
        else if (_order.EndProblem is { Length: > 0 } problem)
        {
            findings.Add(_lines.Number, problem + ".");
        }
        else if (findings.Total == 0 && (!AreSame(trailer.Counts, Counts) || trailer.Sha256 != _sum))
        {
            findings.Add(
                _lines.Number,
                "has counts or a checksum that do not fit the lines before it: the file was changed after it was written. Copy it again, or export again.");
        }
    }

    private static bool IsHeader(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith("{\"kind\":\"header\""u8);

    private static bool AreSame(TransferCounts told, TransferCounts found) =>
        told.Revisions == found.Revisions && Enum.GetValues<TransferKind>().All(kind => told[kind] == found[kind]);
}
