using System.Collections.Concurrent;

namespace Decision.Console.Tests;

/// <summary>A window on the console, and everything that the browser complained of in it.</summary>
public sealed class ConsoleWindow : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _addresses = new();

    private ConsoleWindow(IBrowserContext context, IPage page)
    {
        _context = context;
        context.SetDefaultTimeout(20_000);
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

    public static async Task<ConsoleWindow> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    /// <summary>Errors and warnings of the browser, such as of the Content-Security-Policy.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyCollection<string> Addresses => _addresses;

    /// <summary>Opens a page of the console and waits until its heading is there.</summary>
    public async Task GoAsync(string path, string heading)
    {
        await Page.GotoAsync(path);
        await Expect(Heading(heading)).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    public async Task SignInAsync(Running server, string secret)
    {
        await Page.GotoAsync(server.Console);
        await Page.GetByLabel("Secret of an admin credential").FillAsync(secret);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(Heading("Overview")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The part of a page with a heading or a label.</summary>
    public ILocator Region(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
