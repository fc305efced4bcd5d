using BenchmarkDotNet.Running;
using Decision.Benchmarks.Load;
using Decision.Benchmarks.Scale;

// "bare" and "prepare" belong to eng/load.sh, "scale" has its own measurements; everything else is BenchmarkDotNet's: --filter '*' --job short.
switch (args.FirstOrDefault())
{
    case "bare":
        await BareServer.RunAsync(args[1..]);
        return 0;
    case "prepare":
        return await LoadPreparation.RunAsync(args[1..]);
    case "scale":
        return await ScaleProgram.RunAsync(args[1..]);
    default:
        return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
}
