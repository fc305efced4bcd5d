namespace Decision.Cli.Tests.Support;

/// <summary>Runs the tool in this process.</summary>
internal sealed class Tool
{
    /// <summary>The server to ask; null = what <see cref="Environment"/> says.</summary>
    public LiveServer? Server { get; init; }

    /// <summary>Variables over <c>DECISION_ADDRESS</c> and <c>DECISION_ADMIN_SECRET</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Standard input that does something of its own; null = <see cref="Input"/>.</summary>
    public TextReader? Answers { get; init; }

    /// <summary>Whether a person seems to sit there.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The width of the terminal.</summary>
    public int Width { get; init; } = 240;

    public static Task<ToolRun> RunAsync(LiveServer server, params string[] arguments) => new Tool { Server = server }.RunAsync(arguments);

    public async Task<ToolRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var shell = new Shell
        {
            Out = output,
            Error = errors,
            In = Answers ?? new StringReader(Input),
            Environment = name => Environment.GetValueOrDefault(name) ?? (Server, name) switch
            {
                // A machine that is busy with other things is no failure.
                (_, "DECISION_TIMEOUT" or "DECISION_COMPLETION_TIMEOUT") => "2m",
                (not null, "DECISION_ADDRESS") => Server.Address,
                (not null, "DECISION_ADMIN_SECRET") => LiveServer.Secret,
                _ => null,
            },
            IsOutputTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
            IsInputTerminal = IsTerminal,
            Width = Width,
        };
        int code = await DecisionCtl.RunAsync(arguments, shell, TestContext.Current.CancellationToken);
        return new ToolRun((ExitCode)code, output.ToString(), errors.ToString());
    }
}
