using System.CommandLine;
using Decision.Cli.Commands;
using Decision.Cli.Connections;
using Decision.Cli.Failures;
using Decision.Cli.Results;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Cli;

/// <summary>What a command works with: the service, the output, and the shell it was called from.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly Lazy<Connection> _connection;

    private Session(Shell shell, Output output, Lazy<Connection> connection, CancellationToken cancellation) =>
        (Shell, Output, _connection, Cancellation) = (shell, output, connection, cancellation);

    public Shell Shell { get; }

    public Output Output { get; }

    /// <summary>Ends with Ctrl+C. Calls to the service end with it by themselves.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The connection, made at its first use: a command that needs no service asks for no secret.</summary>
    public Connection Connection => _connection.Value;

    /// <summary>The service that was asked; null = none so far.</summary>
    public Uri? Address => _connection.IsValueCreated ? _connection.Value.Settings.Address : null;

    /// <summary>Calls with the credential, the deadline of <c>--timeout</c> and <see cref="Cancellation"/>.</summary>
    public CallInvoker Calls => Connection.Calls;

    public KeyService.KeyServiceClient Keys => new(Calls);

    public PolicyAdminService.PolicyAdminServiceClient Policies => new(Calls);

    public ApiAdminService.ApiAdminServiceClient Apis => new(Calls);

    public OrganizationAdminService.OrganizationAdminServiceClient Organizations => new(Calls);

    public AdminCredentialService.AdminCredentialServiceClient Credentials => new(Calls);

    public AuditService.AuditServiceClient Audit => new(Calls);

    public ActivityService.ActivityServiceClient Activity => new(Calls);

    public BackupService.BackupServiceClient Backups => new(Calls);

    public AuthorizeService.AuthorizeServiceClient Authorize => new(Calls);

    public static Session Open(ParseResult parsed, Shell shell, CancellationToken cancellation)
    {
        var output = new Output(shell, parsed.GetValue<OutputFormat>(GlobalOptions.Output), parsed.GetValue<bool>(GlobalOptions.Quiet));
        var connection = new Lazy<Connection>(() => Connection.Open(ConnectionSettings.Read(parsed, shell), output, shell.Time, cancellation));
        return new Session(shell, output, connection, cancellation);
    }

    /// <summary>Asks before what cannot be undone.</summary>
    /// <param name="question">As <c>Delete the key k1?</c></param>
    /// <param name="isAgreed">Whether <c>--yes</c> was given.</param>
    /// <exception cref="CommandException">Nobody can be asked, or the answer is no.</exception>
    public async Task ConfirmAsync(string question, bool isAgreed)
    {
        if (isAgreed)
        {
            return;
        }

        if (!Shell.IsInputTerminal)
        {
            throw CommandException.WrongUse($"{question} Nobody can answer here: give --yes if you mean it.");
        }

        await Shell.Error.WriteAsync($"{question} [y/N] ");
        await Shell.Error.FlushAsync(Cancellation);
        string answer = (await Task.Run(Shell.In.ReadLine, Cancellation).WaitAsync(Cancellation) ?? "").Trim();
        if (!answer.Equals("y", StringComparison.OrdinalIgnoreCase) && !answer.Equals("yes", StringComparison.OrdinalIgnoreCase))
        {
            throw CommandException.Refused("Nothing was done.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            _connection.Value.Dispose();
        }

        await Shell.Out.FlushAsync(CancellationToken.None);
    }
}
