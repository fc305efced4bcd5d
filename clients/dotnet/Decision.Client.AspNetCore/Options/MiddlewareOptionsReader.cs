using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Decision.Client.AspNetCore.Options;

/// <summary>Reads the section <c>Decision:Middleware</c>. An unknown name is a problem: a misspelt setting must not go unnoticed.</summary>
internal sealed class MiddlewareOptionsReader(IConfiguration? configuration) : IConfigureOptions<DecisionMiddlewareOptions>
{
    private const string Section = "Decision:Middleware";

    private static readonly string[] Names =
    [
        nameof(DecisionMiddlewareOptions.ApiId), nameof(DecisionMiddlewareOptions.OrganizationId), nameof(DecisionMiddlewareOptions.KeyHeader),
        nameof(DecisionMiddlewareOptions.KeyQueryParameter), nameof(DecisionMiddlewareOptions.KeyCookie),
        nameof(DecisionMiddlewareOptions.RemoveCredential), nameof(DecisionMiddlewareOptions.Scope),
    ];

    public void Configure(DecisionMiddlewareOptions options)
    {
        if (configuration?.GetSection(Section) is not { } section)
        {
            return;
        }

        foreach (var child in section.GetChildren())
        {
            if (!Names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                options.ReadingProblems.Add($"{child.Path} is not a setting: there are {string.Join(", ", Names)}.");
            }
        }

        options.ApiId = section[nameof(options.ApiId)] ?? options.ApiId;
        options.OrganizationId = section[nameof(options.OrganizationId)] ?? options.OrganizationId;
        options.KeyHeader = section[nameof(options.KeyHeader)] ?? options.KeyHeader;
        options.KeyQueryParameter = section[nameof(options.KeyQueryParameter)] ?? options.KeyQueryParameter;
        options.KeyCookie = section[nameof(options.KeyCookie)] ?? options.KeyCookie;
        if (section[nameof(options.RemoveCredential)] is { } remove)
        {
            if (bool.TryParse(remove, out bool isRemoved))
            {
                options.RemoveCredential = isRemoved;
            }
            else
            {
                options.ReadingProblems.Add($"{Section}:RemoveCredential is '{remove}': write true or false.");
            }
        }

        if (section[nameof(options.Scope)] is { } scope)
        {
            if (Enum.GetNames<DecisionScope>().Contains(scope, StringComparer.OrdinalIgnoreCase))
            {
                options.Scope = Enum.Parse<DecisionScope>(scope, ignoreCase: true);
            }
            else
            {
                options.ReadingProblems.Add($"{Section}:Scope is '{scope}': write AllRequests or MarkedEndpoints.");
            }
        }
    }
}
