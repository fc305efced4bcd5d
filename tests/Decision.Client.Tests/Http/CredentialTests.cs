namespace Decision.Client.Tests.Http;

/// <summary>Where the key is taken from, and that it does not go on where it must not.</summary>
public class CredentialTests
{
    private static readonly string[] Everywhere = ["Middleware:KeyQueryParameter=api_key", "Middleware:KeyCookie=key"];

    [Theory]
    [InlineData("/", "X-Api-Key", "a-key", "a-key")]
    [InlineData("/", "Authorization", "Bearer a-key", "Bearer a-key")]
    [InlineData("/", "Authorization", "a-key", "a-key")]
    [InlineData("/?x=1&api_key=a%2Bkey", "X-Other", "-", "a+key")]
    [InlineData("/?api%5Fkey=a-key", "X-Other", "-", "a-key")]
    [InlineData("/", "Cookie", "other=1; key=a-key", "a-key")]
    [InlineData("/", "Cookie", "key=\"a-key\"", "a-key")]
    [InlineData("/?api_key=", "X-Other", "-", "")]
    [InlineData("/", "Cookie", "KEY=a-key", "")]
    [InlineData("/?API_KEY=a-key", "X-Other", "-", "")]
    public async Task The_key_is_found(string path, string name, string value, string key)
    {
        await using var app = await TestApplication.StartAsync(Everywhere);

        using var response = await app.SendAsync(path, headers: (name, value));

        Assert.Equal(key, Assert.Single(app.Service.Asked).ApiKey);
    }

    [Fact]
    public async Task A_header_counts_before_the_query_and_the_query_before_a_cookie()
    {
        await using var app = await TestApplication.StartAsync(Everywhere);

        using var first = await app.SendAsync("/?api_key=from-query", headers: [("Cookie", "key=from-cookie"), ("Authorization", "second"), ("X-Api-Key", "first")]);
        using var second = await app.SendAsync("/?api_key=from-query", headers: ("Cookie", "key=from-cookie"));

        Assert.Equal(["first", "from-query"], app.Service.Asked.Select(asked => asked.ApiKey));
    }

    [Fact]
    public async Task The_usual_headers_do_not_count_where_another_is_set()
    {
        await using var app = await TestApplication.StartAsync(["Middleware:KeyHeader=X-Token"]);

        using var response = await app.SendAsync(headers: [("X-Api-Key", "other"), ("X-Token", "a-key")]);

        Assert.Equal("a-key", Assert.Single(app.Service.Asked).ApiKey);
    }

    [Theory]
    [InlineData("/", "X-Api-Key: one\nX-Api-Key: two")]
    [InlineData("/", "Authorization: one\nAuthorization: one")]
    [InlineData("/?api_key=one&api_key=two", "X-Other: 1")]
    [InlineData("/?api_key=one&api%5fkey=two", "X-Other: 1")]
    [InlineData("/", "Cookie: key=one; key=two")]
    [InlineData("/", "Cookie: key=one\nCookie: key=two")]
    public async Task Two_keys_in_one_place_are_refused(string path, string headers)
    {
        await using var app = await TestApplication.StartAsync([.. Everywhere, "FailureMode=Open"]);

        string answer = await app.SendRawAsync($"GET {path} HTTP/1.1\nHost: a\nConnection: close\n{headers}");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Empty(app.Service.Asked);
        Assert.Empty(app.Passed);
    }

    [Theory]
    [InlineData("/orders/1", "X-Api-Key", "a-key", "", null)]
    [InlineData("/orders/1?b=%2f&api_key=a-key&&c=d+e", "X-Other", "kept", "?b=%2f&&c=d+e", null)]
    [InlineData("/orders/1?api_key=a-key", "X-Other", "kept", "", null)]
    [InlineData("/orders/1", "Cookie", "b=1; key=a-key; c=\"2\"", "", "b=1; c=\"2\"")]
    [InlineData("/orders/1", "Cookie", "key=a-key", "", null)]
    public async Task The_key_does_not_go_on(string path, string name, string value, string query, string? cookie)
    {
        await using var app = await TestApplication.StartAsync([.. Everywhere, "Middleware:RemoveCredential=true"]);

        using var response = await app.SendAsync(path, headers: [(name, value), ("X-Trace", "kept")]);

        var passed = Assert.Single(app.Passed);
        Assert.Equal((query, "/orders/1" + query), (passed[":query"], passed[":target"]));
        Assert.Equal(cookie, passed.GetValueOrDefault("Cookie"));
        Assert.DoesNotContain(passed.Values, each => each.Contains("a-key", StringComparison.Ordinal));
        Assert.Equal("kept", passed["X-Trace"]);
        Assert.Equal("a-key", Assert.Single(app.Service.Asked).ApiKey);
    }

    [Fact]
    public async Task The_key_goes_on_where_nobody_says_otherwise()
    {
        await using var app = await TestApplication.StartAsync();

        using var response = await app.SendAsync(headers: ("X-Api-Key", "a-key"));

        Assert.Equal("a-key", Assert.Single(app.Passed)["X-Api-Key"]);
    }

    [Theory]
    [InlineData("Signature keyId=\"k\",headers=\"(request-target) date host x-one\",signature=\"s\"", "date,host,x-one,x-one")]
    [InlineData("signature keyId=\"k\",signature=\"s\"", "date")]
    [InlineData("Signature headers=x-one,keyId=\"k\",signature=\"s\"", "x-one,x-one")]
    [InlineData("Signature keyId=\"k\",headers=\"", "")]
    public async Task A_signed_request_takes_what_it_signed_along(string authorization, string names)
    {
        await using var app = await TestApplication.StartAsync();

        await app.SendRawAsync(
            $"GET /orders/1?page=2 HTTP/1.1\nHost: a.example.com\nConnection: close\nDate: today\nX-One: 1\nX-One: 2\nX-Other: -\nAuthorization: {authorization}");

        var asked = Assert.Single(app.Service.Asked);
        Assert.Equal((authorization, "/orders/1?page=2"), (asked.ApiKey, asked.Path));
        Assert.Equal(names.Split(',', StringSplitOptions.RemoveEmptyEntries), asked.Headers.Select(header => header.Name));
        Assert.All(asked.Headers, header => Assert.Equal(
            header.Name switch { "date" => "today", "host" => "a.example.com", _ => header.Value }, header.Value));
    }
}
