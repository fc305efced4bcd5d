using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Apis;

/// <summary>Words for APIs.</summary>
internal static class ApiText
{
    public static void Show(IAnsiConsole console, Api api) => console.Write(Tables.Fields(
        ("id", api.ApiId),
        ("name", api.Name),
        ("organisation", api.OrganizationId),
        ("listen path", api.ListenPath),
        ("hosts", api.Hosts.Count == 0 ? "any" : string.Join(", ", api.Hosts)),
        ("versions", string.Join(", ", api.Versions.Select(version => version == api.DefaultVersion ? $"{version} (default)" : version))),
        ("key is in", KeyPlaces(api.Auth)),
        ("public", string.Join('\n', api.Public.Select(path => $"{string.Join(',', path.Methods)} {path.Pattern}"))),
        ("rate of all keys", LimitText.Rate(api.Rate, api.Per)),
        ("rate algorithm", api.RateAlgorithm),
        ("kept in", api.Source == "store" ? $"store, revision {api.Revision}" : api.Source),
        ("etag", api.Etag)));

    private static string KeyPlaces(ApiAuthentication? auth) => string.Join(
        ", ",
        new[] { ("header", auth?.Header), ("query parameter", auth?.QueryParameter), ("cookie", auth?.Cookie) }
            .Where(place => !string.IsNullOrEmpty(place.Item2))
            .Select(place => $"{place.Item1} {place.Item2}"));
}
