using BenchmarkDotNet.Running;
using Decision.Benchmarks.Load;

// "bare" and "prepare" belong to eng/load.sh; everything else is BenchmarkDotNet's: --filter '*' --job short.
switch (args.FirstOrDefault())
{
    case "bare":
        await BareServer.RunAsync(args[1..]);
        return 0;
    case "prepare":
        return await LoadPreparation.RunAsync(args[1..]);
    default:
        return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
}
