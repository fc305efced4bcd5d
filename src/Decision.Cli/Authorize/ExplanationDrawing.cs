using System.Globalization;
using Decision.Cli.Results;
using Decision.Contracts.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Decision.Cli.Authorize;

/// <summary>Draws how a decision comes about: steps, policies, limits, and what would be spent. Signs and words carry it, colours only help.</summary>
internal static class ExplanationDrawing
{
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Faint = new(decoration: Decoration.Dim);

    public static void Draw(IAnsiConsole console, AuthorizeRequest asked, ExplainResponse answer)
    {
        VerdictText.Headline(console, answer.Response, "would be allowed", "would be refused");
        console.WriteLine(Request(asked));
        if (Key(answer.Response) is { Length: > 0 } key)
        {
            console.WriteLine(key);
        }

        DrawSteps(console, answer);
        DrawPolicies(console, answer);
        DrawLimits(console, answer);
        DrawSpending(console, answer);
    }

    private static string Request(AuthorizeRequest asked)
    {
        string target = asked.ApiId.Length > 0 ? $"on the API {asked.ApiId}" : $"at {asked.Host}";
        string version = asked.ApiVersion.Length > 0 ? $", version {asked.ApiVersion}" : "";
        string cost = asked.Cost > 1 ? string.Create(CultureInfo.InvariantCulture, $", cost {asked.Cost}") : "";
        return $"{asked.Method} {asked.Path} {target}{version}{cost}";
    }

    private static string Key(AuthorizeResponse verdict)
    {
        if (verdict.KeyId.Length == 0)
        {
            return "";
        }

        string alias = verdict.Alias.Length > 0 ? $" ({verdict.Alias})" : "";
        string organization = verdict.OrganizationId.Length > 0 ? $" of {verdict.OrganizationId}" : "";
        return $"with the key {verdict.KeyId}{alias}{organization}";
    }

    private static void DrawSteps(IAnsiConsole console, ExplainResponse answer)
    {
        Title(console, "Steps");
        var grid = Columns(3);
        foreach (var step in answer.Steps)
        {
            var (sign, style) = step.Outcome switch
            {
                ExplainOutcome.Passed => ("✓", new Style(Color.Green)),
                ExplainOutcome.Denied => ("✗", new Style(Color.Red, decoration: Decoration.Bold)),
                _ => ("·", Faint),
            };
            string finding = step.Outcome == ExplainOutcome.Denied ? $"{step.Finding} Refused: {VerdictText.Reason(step.Reason)}." : step.Finding;
            grid.AddRow(new Text(sign, style), new Text(step.Name, style), new Text(finding, step.Outcome == ExplainOutcome.Skipped ? Faint : Style.Plain));
        }

        Indented(console, grid);
    }

    private static void DrawPolicies(IAnsiConsole console, ExplainResponse answer)
    {
        if (answer.Policies.Count == 0)
        {
            return;
        }

        Title(console, "Policies");
        var grid = Columns(3);
        foreach (var policy in answer.Policies)
        {
            string source = policy.Source.Length == 0 ? "" : policy.Revision > 0
                ? string.Create(CultureInfo.InvariantCulture, $" Kept in {policy.Source}, revision {policy.Revision}.")
                : $" Kept in {policy.Source}.";
            string covers = policy.Covers.Count > 0 ? $" Covers {string.Join(", ", policy.Covers)}." : "";
            var style = policy.Applied ? new Style(Color.Green) : new Style(Color.Red);
            grid.AddRow(new Text(policy.Applied ? "✓" : "✗", style), new Text(policy.Id, style), new Text(policy.Finding + covers + source));
        }

        Indented(console, grid);
    }

    private static void DrawLimits(IAnsiConsole console, ExplainResponse answer)
    {
        if (answer.Limits.Count == 0)
        {
            return;
        }

        Title(console, "Limits");
        var grid = Columns(3);
        foreach (var limit in answer.Limits)
        {
            var style = limit.WouldDeny ? new Style(Color.Red, decoration: Decoration.Bold) : new Style(Color.Green);
            string field = limit.Field.Length > 0 ? $" ({limit.Field})" : "";
            string use = limit.Limit < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{limit.Used} used, {limit.Remaining} left, {limit.Cost} asked. ");
            string refuses = limit.WouldDeny ? "Refuses. " : "";
            grid.AddRow(
                new Text(limit.WouldDeny ? "✗" : "✓", style),
                new Text(LimitText.InForce(limit.Name, limit.Limit, limit.Period, limit.QuotaPeriod), style),
                new Text($"{refuses}{use}Set by {limit.Origin}{field}, counted on {limit.Scope}."));
        }

        Indented(console, grid);
    }

    private static void DrawSpending(IAnsiConsole console, ExplainResponse answer)
    {
        Title(console, "Would spend");
        if (answer.WouldSpend.Count == 0)
        {
            console.WriteLine("  nothing");
            return;
        }

        var grid = Columns(2);
        foreach (var spend in answer.WouldSpend)
        {
            grid.AddRow(new Text(spend.Units.ToString(CultureInfo.InvariantCulture)), new Text($"of the {spend.Name} counted on {spend.Scope}"));
        }

        Indented(console, grid);
    }

    private static void Title(IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.Write(new Text(title, Bold));
        console.WriteLine();
    }

    private static Grid Columns(int count)
    {
        var grid = new Grid();
        for (int i = 0; i < count; i++)
        {
            var column = new GridColumn().PadLeft(0).PadRight(i == count - 1 ? 0 : 2);
            grid.AddColumn(i < count - 1 ? column.NoWrap() : column);
        }

        return grid;
    }

    private static void Indented(IAnsiConsole console, IRenderable content) => console.Write(new Padder(content, new Padding(2, 0, 0, 0)));
}
