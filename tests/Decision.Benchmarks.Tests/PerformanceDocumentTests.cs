using Decision.Benchmarks.Load;
using Decision.Benchmarks.Load.Themes;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Tests;

public sealed class PerformanceDocumentTests
{
    [Fact]
    public async Task Write_replaces_what_is_between_the_markers()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "a\n<!-- load:keys -->\nold\n<!-- /load:keys -->\nb\n");
        await PerformanceDocument.WriteAsync(path, "keys", "\nnew\n", CancellationToken.None);
        Assert.Equal("a\n<!-- load:keys -->\n\nnew\n<!-- /load:keys -->\nb\n", await File.ReadAllTextAsync(path));
        File.Delete(path);
    }

    [Fact]
    public async Task Write_a_theme_without_a_place_tells_how_to_make_one()
    {
        string path = Path.GetTempFileName();
        var error = await Assert.ThrowsAsync<MeasureException>(() => PerformanceDocument.WriteAsync(path, "keys", "new", CancellationToken.None));
        Assert.Equal($"{path} has no place for the theme keys: write a line <!-- load:keys --> and after it a line <!-- /load:keys -->.", error.Message);
        File.Delete(path);
    }

    [Fact]
    public async Task Every_theme_has_a_place()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Decision.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        string document = await File.ReadAllTextAsync(Path.Combine(folder, PerformanceDocument.File));
        Assert.All(ThemeList.Names, theme =>
        {
            Assert.Contains($"<!-- load:{theme} -->\n", document, StringComparison.Ordinal);
            Assert.Contains($"<!-- /load:{theme} -->\n", document, StringComparison.Ordinal);
        });
    }
}
