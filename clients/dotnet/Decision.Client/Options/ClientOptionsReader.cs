using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Decision.Client.Options;

/// <summary>Reads the section <c>Decision</c>. An unknown name is a problem: a misspelt setting must not go unnoticed.</summary>
internal sealed class ClientOptionsReader(IConfiguration? configuration) : IConfigureOptions<DecisionClientOptions>
{
    public const string Section = "Decision";

    // Sections of their own: the middleware's, which Decision.Client.AspNetCore reads, and the admin client's.
    private const string MiddlewareSection = "Middleware";
    private const string AdminSection = Admin.AdminOptionsReader.Name;

    private static readonly string[] Names =
    [
        nameof(DecisionClientOptions.Address), nameof(DecisionClientOptions.Deadline), nameof(DecisionClientOptions.BatchDeadline),
        nameof(DecisionClientOptions.FailureMode), nameof(DecisionClientOptions.Token), nameof(DecisionClientOptions.Tls),
        nameof(DecisionClientOptions.DenialMemoryCapacity), MiddlewareSection, AdminSection,
    ];

    private static readonly string[] TlsNames =
    [
        nameof(DecisionTlsOptions.CaFile), nameof(DecisionTlsOptions.CertificateFile), nameof(DecisionTlsOptions.KeyFile),
        nameof(DecisionTlsOptions.ServerName),
    ];

    public void Configure(DecisionClientOptions options)
    {
        if (configuration?.GetSection(Section) is not { } section)
        {
            return;
        }

        var problems = options.ReadingProblems;
        CheckNames(section, Names, problems);
        options.Address = section[nameof(options.Address)] ?? options.Address;
        options.Token = section[nameof(options.Token)] ?? options.Token;
        options.Deadline = Duration(section, nameof(options.Deadline), options.Deadline, problems);
        options.BatchDeadline = Duration(section, nameof(options.BatchDeadline), options.BatchDeadline, problems);
        ReadFailureMode(section, options);
        if (section[nameof(options.DenialMemoryCapacity)] is { } capacity)
        {
            if (int.TryParse(capacity, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            {
                options.DenialMemoryCapacity = number;
            }
            else
            {
                problems.Add($"Decision:DenialMemoryCapacity is '{capacity}': write a whole number, such as 10000.");
            }
        }

        ReadTls(section.GetSection(nameof(options.Tls)), options.Tls, problems);
    }

    /// <summary>Reads a section of TLS settings.</summary>
    public static void ReadTls(IConfigurationSection section, DecisionTlsOptions tls, List<string> problems)
    {
        CheckNames(section, TlsNames, problems);
        tls.CaFile = section[nameof(tls.CaFile)] ?? tls.CaFile;
        tls.CertificateFile = section[nameof(tls.CertificateFile)] ?? tls.CertificateFile;
        tls.KeyFile = section[nameof(tls.KeyFile)] ?? tls.KeyFile;
        tls.ServerName = section[nameof(tls.ServerName)] ?? tls.ServerName;
    }

    /// <summary>A problem for each name in a section that means nothing.</summary>
    public static void CheckNames(IConfigurationSection section, string[] names, List<string> problems)
    {
        foreach (var child in section.GetChildren())
        {
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{child.Path} is not a setting: there are {string.Join(", ", names)}.");
            }
        }
    }

    private static void ReadFailureMode(IConfigurationSection section, DecisionClientOptions options)
    {
        if (section[nameof(options.FailureMode)] is not { } text)
        {
            return;
        }

        // Numbers are refused: Enum.TryParse takes any.
        if (Enum.TryParse(text, ignoreCase: true, out FailureMode mode) && Enum.GetNames<FailureMode>().Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            options.FailureMode = mode;
        }
        else
        {
            options.ReadingProblems.Add($"Decision:FailureMode is '{text}': write Closed or Open.");
        }
    }

    /// <summary>Reads a duration.</summary>
    public static TimeSpan Duration(IConfigurationSection section, string name, TimeSpan otherwise, List<string> problems)
    {
        if (section[name] is not { } text)
        {
            return otherwise;
        }

        if (DurationText.TryParse(text, out var duration))
        {
            return duration;
        }

        problems.Add($"{section.Path}:{name} is '{text}': write a number with its unit, such as 200ms or 1s, or 00:00:00.200.");
        return otherwise;
    }
}
