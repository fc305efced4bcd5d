using Decision.Cli.Import.Reading;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Decision.Engine.Rules;
using Decision.Engine.Settings;

namespace Decision.Cli.Import.Planning;

/// <summary>Makes records of the API registry out of Tyk's API definitions, and says what has no place in them.</summary>
internal static class ApiImport
{
    /// <summary>The record of a definition; null where it cannot be carried over.</summary>
    /// <param name="source">The definition.</param>
    /// <param name="effects">Receives what is not carried.</param>
    /// <param name="notes">Receives why there is no record.</param>
    public static Api? Of(TykApi source, List<Effect> effects, List<string> notes)
    {
        var api = source.Definition.TryGetProperty(TykOas.Extension, out _) ? OasDefinition.Read(source.Definition) : ClassicDefinition.Read(source.Definition);
        if (api.ApiId.Length == 0)
        {
            notes.Add($"An API definition of {source.Source} has no api_id, and is left out.");
            return null;
        }

        string subject = "API " + api.ApiId;
        if (!api.IsActive)
        {
            notes.Add($"{subject} is not active at Tyk, and is left out: its requests would be mapped here.");
            return null;
        }

        effects.AddRange(api.NotCarried.Select(one => new Effect(EffectCodes.Api, one.Kind, subject, one.Text)));
        var findings = new FindingList();
        ApiRules.Check(Model(api), findings);
        if (findings.HasErrors)
        {
            notes.AddRange(findings.Where(static finding => finding.Severity == FindingSeverity.Error).Select(finding => $"{source.Source}: {finding} It is left out."));
            return null;
        }

        return Message(api);
    }

    private static Engine.Apis.Api Model(TykDefinition api) => new()
    {
        Id = api.ApiId,
        Name = api.Name,
        OrganizationId = api.OrganizationId,
        ListenPath = api.ListenPath,
        Hosts = [.. api.Hosts],
        Versions = [.. api.Versions],
        DefaultVersion = api.DefaultVersion,
        Auth = new Engine.Apis.ApiCredentialSource(api.Header, api.QueryParameter, api.Cookie),
        Rate = new RateSettings(api.Rate, api.Per),
    };

    private static Api Message(TykDefinition api)
    {
        var message = new Api
        {
            ApiId = api.ApiId,
            Name = api.Name,
            OrganizationId = api.OrganizationId,
            ListenPath = api.ListenPath,
            DefaultVersion = api.DefaultVersion,
            Rate = api.Rate,
            Per = api.Per,
        };
        message.Hosts.AddRange(api.Hosts);
        message.Versions.AddRange(api.Versions);
        if (api.Header.Length + api.QueryParameter.Length + api.Cookie.Length > 0)
        {
            message.Auth = new ApiAuthentication { Header = api.Header, QueryParameter = api.QueryParameter, Cookie = api.Cookie };
        }

        return message;
    }
}
