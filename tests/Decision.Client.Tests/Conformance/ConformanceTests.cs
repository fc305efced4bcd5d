namespace Decision.Client.Tests.Conformance;

/// <summary>The cases of clients/conformance, which every client passes.</summary>
public sealed class ConformanceTests(ConformanceServer server) : IClassFixture<ConformanceServer>
{
    public static TheoryData<string, int, string> ClientCases { get; } = CaseFiles.In("client");

    public static TheoryData<string, int, string> ServerCases { get; } = CaseFiles.In("server");

    public static TheoryData<string, int, string> HttpCases { get; } = CaseFiles.In("http");

    [Theory]
    [MemberData(nameof(ClientCases))]
    public Task Client_against_a_service_as_the_case_says(string file, int index, string name) => RunAsync(file, index, name, null);

    [Theory]
    [MemberData(nameof(ServerCases))]
    public Task Client_against_a_real_server(string file, int index, string name) => RunAsync(file, index, name, server);

    [Theory]
    [MemberData(nameof(HttpCases))]
    public Task Middleware_in_front_of_an_application(string file, int index, string name) => RunAsync(file, index, name, null);

    private static async Task RunAsync(string file, int index, string name, ConformanceServer? server)
    {
        var one = CaseFiles.Case(file, index);
        Assert.Equal(name, (string?)one["name"]);
        await using var run = new CaseRun(one, server);
        await run.RunAsync();
    }
}
