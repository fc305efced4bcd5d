using System.Text.Json;
using Decision.Console.Access;
using Decision.Contracts.Admin.V1;
using Decision.Server.Configuration;
using Decision.Server.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Administrators;

/// <summary><c>Admin:SecretFile</c>: another secret counts without a restart.</summary>
public sealed class AdminSecretFileTests : IDisposable
{
    private const string First = "the-first-secret-of-the-file";
    private const string Second = "the-second-secret-of-the-file";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Secret_of_the_file_counts_and_another_one_takes_its_place_at_once()
    {
        await using var server = await StartAsync(First + "\n");
        Assert.True((await WhoAmIAsync(server, First)).IsAdminSecret);

        Write(Second);
        Look(server);

        Assert.True((await WhoAmIAsync(server, Second)).IsAdminSecret);
        await Failures.OfAsync(() => WhoAmIAsync(server, First), StatusCode.Unauthenticated);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "admin-secret")));
    }

    [Fact]
    public async Task Whoever_signed_in_to_the_console_with_the_secret_before_is_let_in_no_more()
    {
        await using var server = await StartAsync(First);
        var access = server.Services.GetRequiredService<IConsoleAccess>();
        var before = (await access.SignInAsync(First, new DefaultHttpContext())).Actor!;
        Assert.True(await access.IsAcceptedAsync(before, CancellationToken.None));

        Write(Second);
        Look(server);

        Assert.False(await access.IsAcceptedAsync(before, CancellationToken.None));
        var after = (await access.SignInAsync(Second, new DefaultHttpContext())).Actor!;
        Assert.True(await access.IsAcceptedAsync(after, CancellationToken.None));
    }

    [Theory]
    [InlineData("short", "has 5 characters: write 16 or more")]
    [InlineData("with blanks between its words", "has a blank")]
    [InlineData("", "has 0 characters")]
    [InlineData(null, "cannot be read")]
    public async Task File_that_cannot_be_used_keeps_the_secret_and_is_said_until_it_is_mended(string? content, string problem)
    {
        await using var server = await StartAsync(First);
        if (content is null)
        {
            File.Delete(FilePath);
        }
        else
        {
            Write(content);
        }

        Look(server);
        Look(server);

        Assert.Contains(problem, await ProblemAsync(server), StringComparison.Ordinal);
        Assert.True((await WhoAmIAsync(server, First)).IsAdminSecret);
        Write(First);
        Look(server);
        Assert.Null(await ProblemAsync(server));
    }

    [Fact]
    public async Task File_that_cannot_be_used_at_the_start_is_a_problem_of_the_settings()
    {
        Write("short");

        var exception = await Assert.ThrowsAsync<SettingsException>(() => StartAsync("short"));

        Assert.StartsWith($"Admin:SecretFile is '{FilePath}', which cannot be used: it has 5 characters", Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_and_file_together_are_a_problem_of_the_settings()
    {
        Write(First);

        var exception = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync([$"Admin:SecretFile={FilePath}"]));

        Assert.Contains("Admin:Secret and Admin:SecretFile are both set: write one of them.", exception.Problems);
    }

    private string FilePath => Path.Combine(_folder.Path, "secret-file");

    private static void Look(RunningServer server) =>
        Assert.Single(server.Services.GetServices<IReloadedFile>().OfType<Server.Administrators.AdminSecretFile>()).Look();

    private static async Task<WhoAmIResponse> WhoAmIAsync(RunningServer server, string secret) =>
        await server.Credentials().WhoAmIAsync(new WhoAmIRequest(), Administrator.With(secret));

    private static async Task<string?> ProblemAsync(RunningServer server)
    {
        using var ready = JsonDocument.Parse(await server.Http.GetStringAsync("/healthz/ready"));
        var part = ready.RootElement.GetProperty("parts").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "admin-secret");
        return part.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
    }

    private void Write(string content) => _folder.Write("secret-file", content);

    private Task<RunningServer> StartAsync(string content)
    {
        Write(content);
        return RunningServer.StartAsync(["Admin:Secret=", $"Admin:SecretFile={FilePath}"], folder: _folder);
    }
}
