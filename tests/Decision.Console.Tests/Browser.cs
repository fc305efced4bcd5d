using System.Collections.Concurrent;
using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

/// <summary>Debian's Chromium, and one server that most tests share.</summary>
public sealed class Browser : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _states = new();
    private IPlaywright _playwright = null!;
    private IBrowser _chromium = null!;

    /// <summary>Has the policies gold and silver of acme.</summary>
    public Running Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        DebianPackage.Require("chromium");
        SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        Server = await Running.StartAsync("--Storage:Path=:memory:");
        await Server.CreatePolicyAsync("gold", rate: 100);
        await Server.CreatePolicyAsync("silver");
    }

    /// <summary>A window of its own.</summary>
    public async Task<ConsoleWindow> OpenAsync(BrowserNewContextOptions? options = null) =>
        await ConsoleWindow.OpenAsync(await _chromium.NewContextAsync(options));

    /// <summary>A window in which somebody has signed in with a secret; once for each secret of a server.</summary>
    public async Task<ConsoleWindow> SignedInAsync(
        string secret = Running.Secret, Running? server = null, ColorScheme scheme = ColorScheme.Light, ViewportSize? size = null)
    {
        server ??= Server;
        string known = $"{server.Console} {secret}";
        if (!_states.TryGetValue(known, out string? state))
        {
            await using var first = await OpenAsync();
            await first.SignInAsync(server, secret);
            _states[known] = state = await first.Page.Context.StorageStateAsync();
        }

        return await OpenAsync(new BrowserNewContextOptions
        {
            StorageState = state,
            ColorScheme = scheme,
            ViewportSize = size ?? new ViewportSize { Width = 1280, Height = 800 },
            BaseURL = server.Console,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.CloseAsync();
        }

        _playwright?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
