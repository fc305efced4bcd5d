using Decision.Cli;

return await DecisionCtl.RunAsync(args, Shell.OfProcess());
