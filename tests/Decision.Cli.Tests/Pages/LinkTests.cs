using Decision.Cli.Tests.Support;

namespace Decision.Cli.Tests.Pages;

/// <summary>Every relative link of the documentation leads somewhere. Addresses of others are not asked.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Links_lead_to_files_and_headings_that_exist()
    {
        var broken =
            from page in MarkdownPage.All().Select(MarkdownPage.Read)
            from link in page.Links()
            where !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal)
            let problem = Problem(page, link.Target)
            where problem is not null
            select $"{page.Path}:{link.Line} {link.Target}: {problem}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Pages_of_docs_are_all_reached_from_the_index()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var ahead = new Queue<string>(["docs/README.md"]);
        while (ahead.TryDequeue(out string? path))
        {
            if (reached.Add(path))
            {
                var targets = MarkdownPage.Read(path).Links().Select(link => File(path, link.Target)).Where(target => target.EndsWith(".md", StringComparison.Ordinal));
                targets.Where(target => System.IO.File.Exists(Repository.PathOf(target))).ToList().ForEach(ahead.Enqueue);
            }
        }

        Assert.Empty(MarkdownPage.All().Where(path => path.StartsWith("docs/", StringComparison.Ordinal) && !path.StartsWith("docs/decisions/", StringComparison.Ordinal)).Except(reached));
    }

    private static string? Problem(MarkdownPage page, string target)
    {
        string file = File(page.Path, target);
        string path = Repository.PathOf(file);
        if (!System.IO.File.Exists(path) && !Directory.Exists(path))
        {
            return "no such file";
        }

        int hash = target.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 || !file.EndsWith(".md", StringComparison.Ordinal) || MarkdownPage.Read(file).Anchors().Contains(target[(hash + 1)..]) ? null : "no such heading";
    }

    private static string File(string page, string target)
    {
        string file = target.Split('#')[0];
        return file.Length == 0 ? page : Path.GetRelativePath(Repository.Folder, Path.Combine(Repository.Folder, Path.GetDirectoryName(page)!, file));
    }
}
