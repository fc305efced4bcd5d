using Deque.AxeCore.Commons;

namespace Decision.Console.Tests;

/// <summary>What axe finds in a page, and what is wider than its window.</summary>
internal static class Accessibility
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>What is against the rules of WCAG 2.1, levels A and AA. The script is loaded once for each document, and what passes is not collected: pages are long.</summary>
    public static async Task<string[]> FindAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'"))
        {
            await page.EvaluateAsync(Axe);
        }

        return await page.EvaluateAsync<string[]>("""
            async () => {
              const options = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }, resultTypes: ['violations'], iframes: false };
              const { violations } = await axe.run(document, options);
              return violations.map(found => `${found.id}: ${found.help}: ${found.nodes.slice(0, 5).map(node => node.html).join(' | ')}`);
            }
            """).WaitAsync(Patience, TimeProvider.System);
    }

    /// <summary>What reaches beyond a window as narrow as a telephone's.</summary>
    public static async Task<string[]> FindTooWideAsync(IPage page)
    {
        var before = page.ViewportSize!;
        await page.SetViewportSizeAsync(360, 740);
        try
        {
            return await page.EvaluateAsync<string[]>("""
                () => {
                  if (document.documentElement.scrollWidth <= 360) {
                    return [];
                  }
                  const isScrolled = element => element && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || isScrolled(element.parentElement));
                  const wide = [...document.body.querySelectorAll('*')].filter(element => element.getBoundingClientRect().right > 360.5 && !isScrolled(element.parentElement));
                  return [`${document.documentElement.scrollWidth} pixels wide`, ...wide.slice(0, 5).map(element => element.outerHTML.slice(0, 160))];
                }
                """);
        }
        finally
        {
            await page.SetViewportSizeAsync(before.Width, before.Height);
        }
    }
}
