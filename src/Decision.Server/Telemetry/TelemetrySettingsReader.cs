using Decision.Server.Configuration;

namespace Decision.Server.Telemetry;

/// <summary>Reads the section <c>Telemetry</c>.</summary>
internal static class TelemetrySettingsReader
{
    private const string Endpoint = "Telemetry:Endpoint";
    private const string Headers = "Telemetry:Headers";
    private const string SignalList = "Telemetry:Signals";

    private static readonly string[] Signals = ["metrics", "traces"];

    private static readonly string[] Others =
        ["Telemetry:Protocol", Headers, SignalList, "Telemetry:MetricsInterval", "Telemetry:TraceOneIn"];

    public static TelemetrySettings Read(SettingsReader reader)
    {
        var signals = reader.List(SignalList) ?? Signals;
        foreach (string unknown in signals.Except(Signals, StringComparer.OrdinalIgnoreCase))
        {
            reader.Wrong(SignalList, unknown, "write metrics, traces, or both separated by a comma");
        }

        var settings = new TelemetrySettings
        {
            Endpoint = ReadEndpoint(reader),
            IsGrpc = reader.Word("Telemetry:Protocol", true, ("grpc", true), ("http", false)),
            Headers = ReadHeaders(reader),
            HasMetrics = signals.Contains("metrics", StringComparer.OrdinalIgnoreCase),
            HasTraces = signals.Contains("traces", StringComparer.OrdinalIgnoreCase),
            MetricsInterval = reader.Duration("Telemetry:MetricsInterval", TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(1)),
            TraceOneIn = (int)reader.Whole("Telemetry:TraceOneIn", 100, 0, 1_000_000_000),
        };
        if (reader.Text(Endpoint) is not null)
        {
            return settings;
        }

        foreach (string unused in Others.Where(name => reader.List(name) is not null))
        {
            reader.Problems.Add($"{unused} is only read where {Endpoint} is set: write that too, or remove this.");
        }

        return TelemetrySettings.None;
    }

    private static Uri? ReadEndpoint(SettingsReader reader)
    {
        if (reader.Text(Endpoint) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0)
        {
            return address;
        }

        reader.Wrong(Endpoint, text, "write the receiver's address, as http://127.0.0.1:4317, without a name or password in it");
        return null;
    }

    // What is wrong is not said with the text: a header may be a secret.
    private static string ReadHeaders(SettingsReader reader)
    {
        string text = reader.Text(Headers) ?? "";
        if (text.Length > 0 && !Array.TrueForAll(text.Split(','), one => one.IndexOf('=', StringComparison.Ordinal) > 0))
        {
            reader.Problems.Add($"{Headers} has a part without a name and '=': write name=value,name=value, with %2C for a comma in a value.");
        }

        return text;
    }
}
