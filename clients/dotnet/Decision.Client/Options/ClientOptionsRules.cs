using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Decision.Client.Options;

/// <summary>Everything that is wrong with the options, each with what to write instead.</summary>
internal sealed class ClientOptionsRules : IValidateOptions<DecisionClientOptions>
{
    private const int LargestMemory = 1_000_000;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBatchDeadline = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, DecisionClientOptions options)
    {
        var problems = Problems(options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Throws with every problem.</summary>
    public static void Require(DecisionClientOptions options)
    {
        var problems = Problems(options);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(DecisionClientOptions), typeof(DecisionClientOptions), problems);
        }
    }

    private static List<string> Problems(DecisionClientOptions options)
    {
        var problems = new List<string>(options.ReadingProblems);
        var addresses = CheckConnection(options.Address, options.Tls, problems);
        CheckDeadline("Deadline", options.Deadline, LongestDeadline, problems);
        CheckDeadline("BatchDeadline", options.BatchDeadline, LongestBatchDeadline, problems);
        if (!Enum.IsDefined(options.FailureMode))
        {
            problems.Add($"Decision:FailureMode is {(int)options.FailureMode}: write Closed or Open.");
        }

        // The token itself is in no message.
        if (options.Token is { } token && (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            problems.Add("Decision:Token is empty or has characters other than visible ASCII: write the token alone, without Bearer, or leave it out.");
        }

        if (options.DenialMemoryCapacity is < 0 or > LargestMemory)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Decision:DenialMemoryCapacity is {options.DenialMemoryCapacity}: write 0 (nothing is remembered) to {LargestMemory}."));
        }

        if (options.HttpHandler is not null && (options.Tls.IsSet || addresses?.Any(address => address.SocketPath is not null) == true))
        {
            problems.Add("Decision:HttpHandler is set together with Tls or a unix: address: the handler has to do these itself; leave them out.");
        }

        return problems;
    }

    /// <summary>Checks where to connect to and how; gives the addresses, where they can be read.</summary>
    public static IReadOnlyList<ServiceAddress>? CheckConnection(string address, DecisionTlsOptions tls, List<string> problems)
    {
        var addresses = ServiceAddress.Parse(address, out string problem);
        if (addresses is null)
        {
            problems.Add($"Decision:Address {problem}");
        }

        CheckTls(tls, addresses, problems);
        return addresses;
    }

    /// <summary>Checks a deadline.</summary>
    public static void CheckDeadline(string name, TimeSpan value, TimeSpan longest, List<string> problems)
    {
        if (value < Shortest || value > longest)
        {
            problems.Add($"Decision:{name} is {value:c}: write 1ms to {longest:c}, such as 200ms.");
        }
    }

    private static void CheckTls(DecisionTlsOptions tls, IReadOnlyList<ServiceAddress>? addresses, List<string> problems)
    {
        if (tls.IsSet && addresses?.Any(address => address.IsTls) == false)
        {
            problems.Add("Decision:Tls is set, but no address begins with https://: write the address so, or leave Tls out.");
        }

        if (tls.CertificateFile is null != tls.KeyFile is null)
        {
            problems.Add("Decision:Tls:CertificateFile and Decision:Tls:KeyFile belong together: write both or none.");
        }

        if (tls.ServerName is { } name && Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            problems.Add($"Decision:Tls:ServerName is '{name}': write the host name in the service's certificate, or leave it out.");
        }

        if (tls.CaFile is { } ca)
        {
            CheckFile("Decision:Tls:CaFile", ca, "with at least one certificate", () =>
            {
                var roots = new X509Certificate2Collection();
                roots.ImportFromPemFile(ca);
                return roots.Count > 0;
            }, problems);
        }

        if (tls is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            CheckFile("Decision:Tls:CertificateFile with Decision:Tls:KeyFile", $"{certificate}' and '{key}", "of a certificate and of its private key", () =>
            {
                using var own = X509Certificate2.CreateFromPemFile(certificate, key);
                return own.HasPrivateKey;
            }, problems);
        }
    }

    private static void CheckFile(string name, string file, string what, Func<bool> isSound, List<string> problems)
    {
        try
        {
            if (!isSound())
            {
                problems.Add($"{name} is '{file}': write a PEM file {what}.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problems.Add($"{name} is '{file}', which cannot be read ({exception.Message}): write a PEM file {what}.");
        }
    }
}
