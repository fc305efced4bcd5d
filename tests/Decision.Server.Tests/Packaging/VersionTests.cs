using System.Text.Json;
using System.Text.RegularExpressions;
using Decision.Server.Configuration;

namespace Decision.Server.Tests.Packaging;

/// <summary>One version for everything: that of Directory.Build.props. What cannot read it there repeats it, and is compared here.</summary>
public partial class VersionTests
{
    [Fact]
    public void Server_has_the_version() => Assert.Equal(ProductVersion.Written, HelpText.Version);

    [Fact]
    public void Node_package_has_the_version()
    {
        using var package = Json("clients", "typescript", "package.json");
        using var locked = Json("clients", "typescript", "package-lock.json");

        Assert.Equal(ProductVersion.Written, package.RootElement.GetProperty("version").GetString());
        Assert.Equal(ProductVersion.Written, locked.RootElement.GetProperty("version").GetString());
        Assert.Equal(ProductVersion.Written, locked.RootElement.GetProperty("packages").GetProperty("").GetProperty("version").GetString());
    }

    [Fact]
    public void Python_package_has_the_version() => Assert.Equal(
        ProductVersion.Written,
        PythonVersion().Match(File.ReadAllText(Repository.PathOf("clients", "python", "pyproject.toml"))).Groups[1].Value);

    [Theory]
    [InlineData("deploy/Dockerfile", 2)]
    [InlineData("deploy/compose.yaml", 1)]
    public void Image_has_the_version(string file, int times)
    {
        var versions = ImageVersion().Matches(File.ReadAllText(Repository.PathOf(file))).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(Enumerable.Repeat(ProductVersion.Written, times), versions);
    }

    [Fact]
    public void Image_of_kubernetes_has_the_version() => Assert.Equal(
        ProductVersion.Written, YamlFile.Read(DeployFiles.PathOf("kubernetes", "kustomization.yaml")).Single().Text("images/0/newTag"));

    private static JsonDocument Json(params string[] path) => JsonDocument.Parse(File.ReadAllText(Repository.PathOf(path)));

    [GeneratedRegex("^version = \"(.+)\"$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"\bdecision:([0-9.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ImageVersion();
}
