namespace Decision.TestKit.Redis;

/// <summary>Programs that tests need from the system.</summary>
public static class DebianPackage
{
    /// <summary>Skips the test, with the reason, where the program is missing; with CI=true nothing may be missing.</summary>
    public static void Require(string program)
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
        if (isThere)
        {
            return;
        }

        string reason = $"{program} is not installed; eng/test.sh installs it (Debian).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }
}
