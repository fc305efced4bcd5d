using System.CommandLine;
using Decision.Cli.Results;

namespace Decision.Cli.Commands;

/// <summary>The options that every command takes. Read by name, since each run has options of its own.</summary>
internal static class GlobalOptions
{
    public const string Address = "--address";
    public const string SecretFile = "--secret-file";
    public const string TokenFile = "--token-file";
    public const string Output = "--output";
    public const string Quiet = "--quiet";
    public const string Timeout = "--timeout";
    public const string CertificateAuthority = "--ca-file";
    public const string ClientCertificate = "--cert-file";
    public const string ClientKey = "--cert-key-file";

    public static void AddTo(RootCommand root)
    {
        root.Add(new Option<string?>(Address)
        {
            Description = "The service's gRPC address. Default: DECISION_ADDRESS, else http://127.0.0.1:50051.",
            HelpName = "URL",
            Recursive = true,
        });
        root.Add(File(SecretFile, "A file with the admin secret; - = standard input. Default: DECISION_ADMIN_SECRET."));
        root.Add(File(TokenFile, "A file with a caller's token, where the service asks for one. Default: DECISION_TOKEN."));
        root.Add(OutputOption());
        root.Add(new Option<bool>(Quiet, "-q") { Description = "Only the one value that scripts want, and no notes.", Recursive = true });
        root.Add(new Option<string?>(Timeout)
        {
            Description = "How long one call may take, as 500ms or 30s. Default: DECISION_TIMEOUT, else 10s.",
            HelpName = "TIME",
            Recursive = true,
        });
        root.Add(File(CertificateAuthority, "PEM certificates to trust for https://. Default: DECISION_CA_FILE, else those of the system."));
        root.Add(File(ClientCertificate, "The client certificate, PEM. Default: DECISION_CERT_FILE."));
        root.Add(File(ClientKey, "The client certificate's key, PEM. Default: DECISION_CERT_KEY_FILE, else in the certificate's file."));
    }

    private static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", Recursive = true };

    private static Option<OutputFormat> OutputOption()
    {
        var option = new Option<OutputFormat>(Output, "-o") { Description = "table (default) for people, json for programs.", HelpName = "table|json", Recursive = true };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "table", "json");
        return option;
    }
}
