using System.Collections.Concurrent;

namespace Decision.Console.Tests;

/// <summary>A window on the console, and everything that the browser complained of in it.</summary>
public sealed class ConsoleWindow : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _addresses = new();
    private readonly bool _isKept;

    // Whether a page of the console is loaded, from which the next is a step and no load.
    private bool _isLoaded;

    private ConsoleWindow(IBrowserContext context, IPage page, bool isKept)
    {
        _context = context;
        _isKept = isKept;
        context.SetDefaultTimeout(Browser.Patience);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        context.WebError += (_, error) => _complaints.Enqueue("script: " + error.Error);
        context.Request += (_, request) => _addresses.Enqueue(request.Url);
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Opens one.</summary>
    /// <param name="context">A browser of its own.</param>
    /// <param name="isKept">Whether it stays open for the next test.</param>
    public static async Task<ConsoleWindow> OpenAsync(IBrowserContext context, bool isKept = false) => new(context, await context.NewPageAsync(), isKept);

    /// <summary>Errors and warnings of the browser, such as of the Content-Security-Policy.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyCollection<string> Addresses => _addresses;

    /// <summary>Opens a page of the console and waits until its heading is there.</summary>
    public async Task GoAsync(string path, string heading)
    {
        if (_isLoaded && !Page.Url.EndsWith("/" + path, StringComparison.Ordinal) && !Page.Url.EndsWith("/sign-in", StringComparison.Ordinal))
        {
            await Page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
        }
        else
        {
            await Page.GotoAsync(path);
        }

        await Expect(Heading(heading)).ToBeVisibleAsync();
        _isLoaded = true;
    }

    /// <summary>Signs in, and waits for the overview.</summary>
    public async Task SignInAsync(Running server, string secret)
    {
        await Page.GotoAsync(server.Console);
        await Page.GetByLabel("Secret of an admin credential").FillAsync(secret);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        // The first page of a server is compiled while one waits.
        await Expect(Heading("Overview")).ToBeVisibleAsync(new() { Timeout = 3 * Browser.Patience });
        _isLoaded = true;
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The part of a page with a heading or a label.</summary>
    public ILocator Region(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    /// <summary>Waits until a dialog that is seen also has the focus, and hears keys: the component library does both a moment later.</summary>
    public Task DialogListensAsync() => Page.EvaluateAsync("""
        () => new Promise(resolve => {
          const look = () => document.activeElement?.closest('.mud-dialog') && [...document.querySelectorAll('*')].some(element => element.mudKeyInterceptor)
            ? resolve() : requestAnimationFrame(look);
          look();
        })
        """).WaitAsync(TimeSpan.FromMilliseconds(Browser.Patience), TimeProvider.System);

    /// <summary>Forgets what an earlier test did in it: the next page is loaded anew.</summary>
    public void Forget()
    {
        _isLoaded = false;
        _complaints.Clear();
        _addresses.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isKept)
        {
            await _context.DisposeAsync();
        }
    }
}
