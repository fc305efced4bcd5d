using Decision.TestKit.Redis;

namespace Decision.Console.Tests;

/// <summary>Debian's Chromium, and the servers that most tests share.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>How long anything on a page may take, in milliseconds: what fails is known soon, also on a busy machine.</summary>
    public const int Patience = 10_000;

    private IPlaywright _playwright = null!;
    private IBrowser _chromium = null!;
    private ConsoleWindow? _kept;
    private FiledServer? _filed;

    /// <summary>Has the policies gold and silver of acme, and counts use over time.</summary>
    public Running Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        DebianPackage.Require("chromium");
        SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        Server = await Running.StartAsync("--Storage:Path=:memory:", "--Usage:Days=7", "--Usage:FlushInterval=100ms");
        await Server.CreatePolicyAsync("gold", rate: 100);
        await Server.CreatePolicyAsync("silver");
    }

    /// <summary>A server whose policies and APIs come from files; it is started once.</summary>
    public async Task<FiledServer> FiledAsync() => _filed ??= await FiledServer.StartAsync();

    /// <summary>A window in which nobody has signed in.</summary>
    public async Task<ConsoleWindow> OpenAsync(Running? server = null) => await ConsoleWindow.OpenAsync(await _chromium.NewContextAsync(Options(server ?? Server)));

    /// <summary>A window of a server in which somebody has just signed in.</summary>
    public async Task<ConsoleWindow> SignedInAsync(string secret, Running? server = null)
    {
        var window = await OpenAsync(server);
        await window.SignInAsync(server ?? Server, secret);
        return window;
    }

    /// <summary>The window of whoever may do everything on the shared server: the same for one test after the other, so that each has only its pages to load.</summary>
    public async Task<ConsoleWindow> SignedInAsync()
    {
        if (_kept is null)
        {
            _kept = await ConsoleWindow.OpenAsync(await _chromium.NewContextAsync(Options(Server)), isKept: true);
            await _kept.SignInAsync(Server, Running.Secret);
        }

        _kept.Forget();
        return _kept;
    }

    /// <summary>The same person in a window apart, for what would show in the next test.</summary>
    public async Task<ConsoleWindow> ApartAsync()
    {
        var options = Options(Server);
        options.StorageState = await (await SignedInAsync()).Page.Context.StorageStateAsync();
        return await ConsoleWindow.OpenAsync(await _chromium.NewContextAsync(options));
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.CloseAsync();
        }

        _playwright?.Dispose();
        if (_filed is not null)
        {
            await _filed.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    // What moves would be looked at halfway.
    private static BrowserNewContextOptions Options(Running server) => new()
    {
        BaseURL = server.Console,
        ColorScheme = ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
        ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
    };
}
