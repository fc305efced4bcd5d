using System.Net;
using System.Net.Sockets;
using Decision.Contracts.Admin.V1;

namespace Decision.Console.Tests;

[Collection(AccessCollection.Name)]
public sealed class SignInTests(Browser browser)
{
    private Running Server => browser.Server;

    [Fact]
    public async Task Wrong_secret_stays_at_the_form_and_says_so_and_the_right_one_leads_where_one_wanted_to_go()
    {
        await using var window = await browser.OpenAsync();
        await window.Page.GotoAsync(Server.Console + "keys");
        await window.Page.GetByLabel("Secret of an admin credential").FillAsync("not-the-secret-of-anybody");
        await window.Button("Sign in").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The admin credential is wrong.");
        Assert.DoesNotContain("not-the-secret-of-anybody", await window.Page.ContentAsync(), StringComparison.Ordinal);

        await window.Page.GetByLabel("Secret of an admin credential").FillAsync(Running.Secret);
        await window.Page.Keyboard.PressAsync("Enter");

        await Expect(window.Heading("Keys")).ToBeVisibleAsync();
        Assert.Equal(Server.Console + "keys", window.Page.Url);
        Assert.DoesNotContain(window.Addresses, address => address.Contains("secret", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Running.Secret, Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_is_for_the_console_of_this_site_alone_and_no_script_reads_it()
    {
        await using var window = await browser.SignedInAsync();
        await window.GoAsync("", "Overview");

        var cookie = Assert.Single(await window.Page.Context.CookiesAsync(), cookie => cookie.Name == "decision-console");

        Assert.True(cookie.HttpOnly);
        Assert.Equal((SameSiteAttribute.Strict, "/console", -1), (cookie.SameSite, cookie.Path, cookie.Expires));
        Assert.All(await window.Page.Context.CookiesAsync(), other => Assert.True(other.HttpOnly));
        Assert.Equal("", await window.Page.EvaluateAsync<string>("document.cookie"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_every_window()
    {
        await using var window = await browser.SignedInAsync(Running.Secret);
        var other = await window.Page.Context.NewPageAsync();
        await other.GotoAsync(Server.Console + "policies");
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Policies" })).ToBeVisibleAsync();

        await window.Button("Sign out").ClickAsync();

        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await window.Page.GotoAsync(Server.Console + "policies");
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Revoked_credential_can_do_nothing_more_on_a_page_that_is_open()
    {
        var credential = await Server.CreateCredentialAsync("soon-gone", AdminRole.Admin);
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Explain" }).ClickAsync();
        await Expect(window.Heading("Explain")).ToBeVisibleAsync();

        await Server.Credentials.RevokeAdminCredentialAsync(new RevokeAdminCredentialRequest { CredentialId = credential.Credential.CredentialId }, Running.Admin);
        await window.Page.GetByLabel("API", new() { Exact = true }).FillAsync("orders");
        await window.Button("Explain").ClickAsync();

        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Viewer_sees_and_is_offered_no_change()
    {
        var credential = await Server.CreateCredentialAsync("looker", AdminRole.Viewer);
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("policies/gold", "gold");
        await Expect(window.Page.GetByLabel("Name")).ToHaveValueAsync("Named gold");

        foreach (string act in (string[])["Delete", "Switch off", "Review and save"])
        {
            await Expect(window.Button(act)).ToHaveCountAsync(0);
        }

        await window.GoAsync("keys/new", "New key");
        await window.Page.GetByLabel("Organisation").FillAsync("acme");
        await window.Button("Create key").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("needs the role operator");
        Assert.Contains(await Server.AuditAsync("key.create"), entry => entry is { Protocol: "console", ActorName: "looker", Outcome: AuditOutcome.Denied });
    }

    [Fact]
    public async Task Credential_of_an_organisation_sees_that_one_alone()
    {
        await Server.CreatePolicyAsync("theirs", "other");
        var key = await Server.CreateKeyAsync("theirs", "other", "theirs");
        foreach (var (id, organization) in new[] { ("theirs-api", "other"), ("acme-api", "acme") })
        {
            await new ApiAdminService.ApiAdminServiceClient(Server.Channel).CreateApiAsync(
                new CreateApiRequest { Api = new Api { ApiId = id, OrganizationId = organization } }, Running.Admin);
        }

        var credential = await Server.CreateCredentialAsync("acme-only", AdminRole.Admin, "acme");
        await using var window = await browser.SignedInAsync(credential.Token);
        await window.GoAsync("policies", "Policies");
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "gold", Exact = true })).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "theirs", Exact = true })).ToHaveCountAsync(0);
        await window.GoAsync("policies/new", "New policy");
        await Expect(window.Page.Locator("option[value='acme-api']")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("option[value='theirs-api']")).ToHaveCountAsync(0);

        await window.GoAsync($"keys/{key.KeyId}", key.KeyId);

        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("belongs to another organisation");
    }

    [Fact]
    public async Task Too_many_wrong_secrets_from_an_address_are_not_looked_at()
    {
        // From an address of its own, so that no other test has to wait.
        using var client = Client(IPAddress.Parse("127.0.0.9"));
        string form = await client.GetStringAsync(new Uri("sign-in", UriKind.Relative));
        string token = form.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        HttpResponseMessage? last = null;
        for (int attempt = 0; attempt <= 20; attempt++)
        {
            last?.Dispose();
            last = await PostAsync(client, token, attempt < 20 ? "wrong-" + attempt : Running.Secret);
            Assert.Equal(attempt < 20 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, last.StatusCode);
        }

        Assert.NotNull(last!.Headers.RetryAfter);
        Assert.Contains("Too many wrong admin secrets", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        last.Dispose();
    }

    [Fact]
    public async Task Form_without_its_token_is_refused()
    {
        using var client = Client(IPAddress.Loopback);

        using var answer = await PostAsync(client, "", Running.Secret);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("decision-console=", StringComparison.Ordinal)));
    }

    private HttpClient Client(IPAddress from) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri(Server.Console),
    };

    private async Task<HttpResponseMessage> PostAsync(HttpClient client, string token, string secret)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["secret"] = secret });
        using var request = new HttpRequestMessage(HttpMethod.Post, "sign-in") { Content = form };
        request.Headers.Add("Origin", $"http://{Server.Http}");
        return await client.SendAsync(request);
    }
}
