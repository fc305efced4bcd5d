using System.Globalization;
using Decision.Server.Hosting;

namespace Decision.Server.Tests.Transfer;

/// <summary>A run of the program in this process.</summary>
internal sealed record TransferRun(int Code, string Output, string Errors)
{
    public static async Task<TransferRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        int code = await ServerProgram.RunAsync(arguments, output, errors);
        var run = new TransferRun(code, output.ToString(), errors.ToString());
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        return run;
    }
}
