using Decision.Cli;

var shell = Shell.OfProcess();
int code = await DecisionCtl.RunAsync(args, shell);
await shell.Out.FlushAsync();
return code;
