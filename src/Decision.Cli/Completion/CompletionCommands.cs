using System.CommandLine;
using Decision.Cli.Commands;

namespace Decision.Cli.Completion;

/// <summary><c>completion bash</c> and so on: scripts that ask this tool for suggestions.</summary>
internal static class CompletionCommands
{
    private const string Bash = """
        # decisionctl completion for bash. Load it with: source <(decisionctl completion bash)
        _decisionctl() {
          local typed="${COMP_LINE:0:COMP_POINT}" suggestion
          # Where the word has a colon or an equals sign, bash completes what is behind it.
          local word="${typed##* }"
          local before="${word%"$2"}"
          COMPREPLY=()
          while IFS= read -r suggestion; do
            printf -v suggestion %q "${suggestion#"$before"}"
            COMPREPLY+=("$suggestion")
          done < <(decisionctl complete -- "$typed" 2>/dev/null)
        }
        complete -o default -F _decisionctl decisionctl
        """;

    private const string Zsh = """
        #compdef decisionctl
        # decisionctl completion for zsh. Load it with: source <(decisionctl completion zsh)
        _decisionctl() {
          local -a suggestions
          suggestions=("${(@f)$(decisionctl complete -- "${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
          if [[ -n "${suggestions[1]}" ]]; then compadd -a suggestions; else _files; fi
        }
        # Loaded from a folder of $fpath it is called as the function itself.
        if [[ "${funcstack[1]}" == _decisionctl ]]; then _decisionctl "$@"; else compdef _decisionctl decisionctl; fi
        """;

    private const string Fish = """
        # decisionctl completion for fish. Load it with: decisionctl completion fish | source
        complete -c decisionctl -a '(decisionctl complete -- (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(Shell shell) => CommandGroup.Create(
        "completion",
        "Scripts that complete commands, options and ids when Tab is pressed.",
        Script(shell, "bash", Bash, "source <(decisionctl completion bash)"),
        Script(shell, "zsh", Zsh, "source <(decisionctl completion zsh)"),
        Script(shell, "fish", Fish, "decisionctl completion fish | source"));

    private static CliCommand Script(Shell shell, string name, string script, string example) =>
        new(shell, name, $"Prints the script for {name}.")
        {
            Examples = [example],
            Runs = async (_, _) =>
            {
                await shell.Out.WriteLineAsync(script);
                return ExitCode.Done;
            },
        };
}
