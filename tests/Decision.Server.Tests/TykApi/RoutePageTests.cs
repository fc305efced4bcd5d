using System.Text.RegularExpressions;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.TykApi;

/// <summary>The pages name every HTTP route with its methods, and no other.</summary>
public sealed partial class RoutePageTests
{
    [Fact]
    public async Task Routes_of_Tyk_are_those_of_the_page_with_their_methods()
    {
        await using var server = await RunningServer.StartAsync();
        var served = new List<string>();
        foreach (string pattern in Patterns(server).Where(pattern => pattern.StartsWith("/tyk/", StringComparison.Ordinal) || pattern.StartsWith("/api/", StringComparison.Ordinal)))
        {
            // What takes no such method says which it takes.
            using var request = new HttpRequestMessage(HttpMethod.Patch, Named(pattern));
            request.Headers.TryAddWithoutValidation("x-tyk-authorization", RunningServer.Secret);
            request.Headers.TryAddWithoutValidation("Authorization", RunningServer.Secret);
            using var answer = await server.Http.SendAsync(request);
            served.AddRange(answer.Content.Headers.Allow.Select(method => $"{method} {Plain(pattern)}"));
        }

        Assert.Equal(Documented("docs", "tyk-compatibility.md").Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_is_on_the_page_of_routes_and_every_one_there_answers()
    {
        await using var server = await RunningServer.StartAsync();
        string page = File.ReadAllText(Repository.PathOf("docs", "reference", "http.md"));

        Assert.All(Patterns(server), pattern => Assert.Contains($"/{pattern.Split('/')[1]}", page, StringComparison.Ordinal));
        foreach (string route in Documented("docs", "reference", "http.md").Where(route => !route.Contains("...", StringComparison.Ordinal)))
        {
            string[] parts = route.Split(' ');
            using var answer = await server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(parts[0]), Named(parts[1])));
            Assert.NotEqual(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private static string[] Patterns(RunningServer server) =>
    [
        .. (from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is null && !endpoint.RoutePattern.RawText!.Contains("{unimplemented", StringComparison.Ordinal)
            let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
            where !pattern.Contains("{**", StringComparison.Ordinal)
            select pattern).Distinct(),
    ];

    // The first cells of a page's tables: `GET`, `POST /a` is two methods of /a; without a method it is GET.
    private static List<string> Documented(params string[] page)
    {
        var routes = new List<string>();
        foreach (string line in File.ReadLines(Repository.PathOf(page)).Where(line => CellPattern().IsMatch(line)))
        {
            var methods = new List<string>();
            foreach (string[] parts in CodePattern().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value.Split(' ')))
            {
                methods.AddRange(parts.Where(part => part[0] != '/'));
                if (Array.Find(parts, part => part[0] == '/') is { } path)
                {
                    routes.AddRange(methods.DefaultIfEmpty("GET").Select(method => $"{method} {Plain(path)}"));
                    methods.Clear();
                }
            }
        }

        return routes;
    }

    // The pages and the server have other names for what a caller puts in.
    private static string Plain(string path) => PlacePattern().Replace(path, "{}");

    private static string Named(string path) => PlacePattern().Replace(path, "nothing-of-this-name");

    [GeneratedRegex("^\\| (any method )?`([A-Z]+(`|[ ])|/)", RegexOptions.CultureInvariant)]
    private static partial Regex CellPattern();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex PlacePattern();
}
