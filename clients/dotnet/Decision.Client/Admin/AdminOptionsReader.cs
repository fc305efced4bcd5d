using Decision.Client.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Decision.Client.Admin;

/// <summary>Reads the section <c>Decision:Admin</c>; address and TLS are those of the section <c>Decision</c> where it says nothing else.</summary>
internal sealed class AdminOptionsReader(IConfiguration? configuration) : IConfigureOptions<DecisionAdminOptions>
{
    public const string Name = "Admin";

    private static readonly string[] Names =
    [
        nameof(DecisionAdminOptions.Address), nameof(DecisionAdminOptions.Secret), nameof(DecisionAdminOptions.SecretFile),
        nameof(DecisionAdminOptions.Deadline), nameof(DecisionAdminOptions.Tls),
    ];

    public void Configure(DecisionAdminOptions options)
    {
        if (configuration is null)
        {
            return;
        }

        var outer = configuration.GetSection(ClientOptionsReader.Section);
        var section = outer.GetSection(Name);
        var problems = options.ReadingProblems;
        ClientOptionsReader.CheckNames(section, Names, problems);
        options.Address = section[nameof(options.Address)] ?? outer[nameof(options.Address)] ?? options.Address;
        options.Secret = section[nameof(options.Secret)] ?? options.Secret;
        options.SecretFile = section[nameof(options.SecretFile)] ?? options.SecretFile;
        options.Deadline = ClientOptionsReader.Duration(section, nameof(options.Deadline), options.Deadline, problems);
        ClientOptionsReader.ReadTls(outer.GetSection(nameof(options.Tls)), options.Tls, problems);
        ClientOptionsReader.ReadTls(section.GetSection(nameof(options.Tls)), options.Tls, problems);
    }
}
