using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Decision.TestKit.Processes;

/// <summary>
/// Processes that end with the tests, however those end: a test run that is killed disposes of nothing. A shell in a session of its own waits for
/// the end of its input, which comes with the end of this process, and kills what was started here and still runs.
/// </summary>
public sealed partial class ChildProcesses : IDisposable
{
    private const int Kill = 9;

    // A process id may have been given to another by then: the time of its start tells. A group (a negative id) may outlive its first process.
    private const string Waiting = """
        exec >/dev/null 2>&1
        started_at() { local stat; stat=$(<"/proc/$1/stat") || return; set -- ${stat##*) }; echo "${20}"; }
        declare -A started
        while read -r id; do started[$id]=$(started_at "${id#-}"); done
        for id in "${!started[@]}"; do
          now=$(started_at "${id#-}")
          [ "$now" = "${started[$id]}" ] || [ "$id$now" = "-${id#-}" ] || continue
          kill -KILL -- "$id"
        done
        """;

    private static readonly Lazy<ChildProcesses> OfTheTests = new(() => new ChildProcesses());

    private readonly Process _watch = Process.Start(new ProcessStartInfo("setsid", ["bash", "-c", Waiting]) { RedirectStandardInput = true })!;

    /// <summary>Starts a process that ends with the tests at the latest.</summary>
    public static Process Start(ProcessStartInfo start) => OfTheTests.Value.Begin(start);

    /// <summary>Starts one with a process group of its own; whatever it starts in turn ends with the tests too.</summary>
    public static Process StartGroup(ProcessStartInfo start) => OfTheTests.Value.BeginGroup(start);

    /// <summary>The same for a process that somebody else started.</summary>
    public static void Adopt(Process process) => OfTheTests.Value.Watch(process, "");

    /// <summary>Kills what <see cref="StartGroup"/> started, and what that has started.</summary>
    public static void KillGroup(Process first) => Signal(-first.Id, Kill);

    /// <summary>As <see cref="Start"/>; ends with this.</summary>
    public Process Begin(ProcessStartInfo start) => Watch(Process.Start(start)!, "");

    /// <summary>As <see cref="StartGroup"/>; ends with this.</summary>
    public Process BeginGroup(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "setsid";
        return Watch(Process.Start(start)!, "-");
    }

    /// <summary>What the end of the test process does.</summary>
    public void Dispose()
    {
        _watch.StandardInput.Close();
        _watch.WaitForExit();
        _watch.Dispose();
    }

    private Process Watch(Process process, string sign)
    {
        lock (_watch)
        {
            _watch.StandardInput.WriteLine(sign + process.Id.ToString(CultureInfo.InvariantCulture));
        }

        return process;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int id, int signal);
}
