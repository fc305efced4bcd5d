using System.Buffers;
using Microsoft.Extensions.Options;

namespace Decision.Client.AspNetCore.Options;

/// <summary>Everything that is wrong with the options, each with what to write instead.</summary>
internal sealed class MiddlewareOptionsRules : IValidateOptions<DecisionMiddlewareOptions>
{
    private const int LongestId = 128;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public ValidateOptionsResult Validate(string? name, DecisionMiddlewareOptions options)
    {
        var problems = new List<string>(options.ReadingProblems);
        CheckId("ApiId", options.ApiId, "the service finds the API by host and path", problems);
        CheckId("OrganizationId", options.OrganizationId, "keys of every organisation are taken", problems);
        string[] headers = HeaderNames(options.KeyHeader);
        foreach (string header in headers)
        {
            if (!IsToken(header))
            {
                problems.Add($"Decision:Middleware:KeyHeader has '{header}', which no header can be called: write names separated by commas, such as X-Api-Key.");
            }
        }

        if (options.KeyQueryParameter is { Length: 0 })
        {
            problems.Add("Decision:Middleware:KeyQueryParameter is empty: write the parameter's name, or leave it out.");
        }

        if (options.KeyCookie is { } cookie && !IsToken(cookie))
        {
            problems.Add($"Decision:Middleware:KeyCookie is '{cookie}', which no cookie can be called: write its name, or leave it out.");
        }

        if (headers.Length == 0 && options is { KeyQueryParameter: null, KeyCookie: null })
        {
            problems.Add("Nothing says where keys are: write Decision:Middleware:KeyHeader, KeyQueryParameter or KeyCookie.");
        }

        if (!Enum.IsDefined(options.Scope))
        {
            problems.Add($"Decision:Middleware:Scope is {(int)options.Scope}: write AllRequests or MarkedEndpoints.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>The names in a list.</summary>
    public static string[] HeaderNames(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether an id is one that the service takes.</summary>
    public static bool IsId(string id) => id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    private static void CheckId(string name, string? id, string otherwise, List<string> problems)
    {
        if (id is not null && !IsId(id))
        {
            problems.Add($"Decision:Middleware:{name} is '{id}': write 1 to {LongestId} characters of A-Z a-z 0-9 . _ ~ -, or leave it out ({otherwise}).");
        }
    }
}
