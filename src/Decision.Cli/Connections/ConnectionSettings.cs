using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Failures;
using Decision.Cli.Values;

namespace Decision.Cli.Connections;

/// <summary>Where the service is, and as whom to ask.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="Secret">The admin secret; null = none.</param>
/// <param name="CallerToken">The token of a caller that may ask for decisions; null = none, as where everybody may.</param>
/// <param name="Timeout">How long one call may take.</param>
/// <param name="AuthorityFile">PEM certificates to trust; null = those of the system.</param>
/// <param name="CertificateFile">The client certificate, PEM; null = none.</param>
/// <param name="CertificateKeyFile">Its key, PEM; null = in its file.</param>
internal sealed record ConnectionSettings(
    Uri Address,
    string? Secret,
    string? CallerToken,
    TimeSpan Timeout,
    string? AuthorityFile,
    string? CertificateFile,
    string? CertificateKeyFile)
{
    public const string AddressVariable = "DECISION_ADDRESS";
    public const string SecretVariable = "DECISION_ADMIN_SECRET";
    public const string TokenVariable = "DECISION_TOKEN";
    private const string TimeoutVariable = "DECISION_TIMEOUT";
    private const string DefaultAddress = "http://127.0.0.1:50051";
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="CommandException">An option, a variable or a file is wrong.</exception>
    public static ConnectionSettings Read(ParseResult parsed, Shell shell) => new(
        ReadAddress(Given(GlobalOptions.Address, AddressVariable, parsed, shell)),
        ReadSecret(GlobalOptions.SecretFile, SecretVariable, parsed, shell),
        ReadSecret(GlobalOptions.TokenFile, TokenVariable, parsed, shell),
        ReadTimeout(Given(GlobalOptions.Timeout, TimeoutVariable, parsed, shell)),
        parsed.GetValue<string?>(GlobalOptions.CertificateAuthority) ?? shell.Setting("DECISION_CA_FILE"),
        parsed.GetValue<string?>(GlobalOptions.ClientCertificate) ?? shell.Setting("DECISION_CERT_FILE"),
        parsed.GetValue<string?>(GlobalOptions.ClientKey) ?? shell.Setting("DECISION_CERT_KEY_FILE"));

    // What was given, and where, for whoever has to mend it; null = nowhere.
    private static (string Name, string Text)? Given(string option, string variable, ParseResult parsed, Shell shell) =>
        parsed.GetValue<string?>(option) is { } value ? (option, value)
        : shell.Setting(variable) is { } setting ? (variable, setting)
        : null;

    private static Uri ReadAddress((string Name, string Text)? given)
    {
        var (name, text) = given ?? ("", DefaultAddress);
        string whole = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(whole, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https" && address.Host.Length > 0 && address.AbsolutePath == "/"
            ? address
            : throw CommandException.WrongUse($"{name} '{text}' is not understood: write scheme, host and port, as {DefaultAddress}.");
    }

    private static string? ReadSecret(string option, string variable, ParseResult parsed, Shell shell)
    {
        if (parsed.GetValue<string?>(option) is not { } file)
        {
            return shell.Setting(variable)?.Trim();
        }

        string secret = InputFile.ReadText(file, shell).Trim();
        return secret.Length > 0 ? secret : throw CommandException.WrongUse($"The file {file} of {option} is empty.");
    }

    private static TimeSpan ReadTimeout((string Name, string Text)? given) => given is not (var name, var text)
        ? DefaultTimeout
        : DurationText.Read(text, name) is { Ticks: > 0 } timeout
            ? timeout
            : throw CommandException.WrongUse($"{name} must be above 0.");
}
