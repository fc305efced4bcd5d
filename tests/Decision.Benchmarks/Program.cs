using BenchmarkDotNet.Running;
using Decision.Benchmarks.Load;
using Decision.Benchmarks.Scale;

// "load" is eng/load.sh, which starts "bare"; "prepare" belongs to eng/measure-start.sh; "scale" has its own measurements; everything else is
// BenchmarkDotNet's: --filter '*' --job short.
switch (args.FirstOrDefault())
{
    case "load":
        return await LoadProgram.RunAsync(args[1..]);
    case "bare":
        return await BareServer.RunAsync(args[1..]);
    case "prepare":
        return await LoadWorld.PrepareAsync(args[1..]);
    case "scale":
        return await ScaleProgram.RunAsync(args[1..]);
    default:
        return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
}
