using System.Globalization;
using Decision.Contracts.Admin.V1;
using Spectre.Console;

namespace Decision.Cli.Policies.Apply;

/// <summary>A plan and its effect for people, in the manner of a diff.</summary>
internal static class PreviewText
{
    private const int LongestValue = 100;
    private const int MostFieldsOfNew = 30;

    // Metadata may hold a secret, and a plan ends in the logs of builds.
    private const string Hidden = "meta_data";

    public static void Show(IAnsiConsole console, PolicyPreview preview)
    {
        foreach (var change in preview.Changes)
        {
            var (sign, color) = change.Kind switch
            {
                PolicyChangeKind.Created => ("+", Color.Green),
                PolicyChangeKind.Deleted => ("-", Color.Red),
                _ => ("~", Color.Yellow),
            };
            Line(console, $"{sign} {change.Id}{Of(change)}", color);
            foreach (var field in change.Fields.Take(change.Kind == PolicyChangeKind.Created ? MostFieldsOfNew : int.MaxValue))
            {
                Line(console, "    " + Sentence(field), Color.Default);
            }

            if (change.Kind == PolicyChangeKind.Created && change.Fields.Count > MostFieldsOfNew)
            {
                Line(console, $"    and {change.Fields.Count - MostFieldsOfNew} more", Color.Default);
            }
        }

        Line(console, Summary(preview.Plan.Policies), Color.Default);
        ShowEffect(console, preview.Effect);
    }

    /// <summary>As <c>1 created, 2 updated; 5 unchanged.</c></summary>
    public static string Summary(IReadOnlyCollection<PolicyChange> policies)
    {
        var kinds = new[] { (PolicyChangeKind.Created, "created"), (PolicyChangeKind.Updated, "updated"), (PolicyChangeKind.Deleted, "deleted") };
        string[] changes = [.. kinds.Select(kind => (Count: policies.Count(one => one.Kind == kind.Item1), Word: kind.Item2))
            .Where(kind => kind.Count > 0).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count} {kind.Word}"))];
        int same = policies.Count(one => one.Kind == PolicyChangeKind.Unchanged);
        return changes.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Nothing differs; {same} unchanged.")
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", changes)}; {same} unchanged.");
    }

    private static void ShowEffect(IAnsiConsole console, PolicyEffect effect)
    {
        if (effect.KeysUsing == 0)
        {
            return;
        }

        string part = effect.KeysLookedAt < effect.KeysUsing
            ? string.Create(CultureInfo.InvariantCulture, $", of which {effect.KeysLookedAt} were looked at (--max-keys)") : "";
        string name = effect.KeysUsing == 1 ? "1 key names" : string.Create(CultureInfo.InvariantCulture, $"{effect.KeysUsing} keys name");
        Line(console, "", Color.Default);
        Line(console, $"{name} these policies{part}. {(effect.Effects.Count > 0 ? "What changes for them:" : "Nothing changes for them.")}", Color.Default);
        foreach (var one in effect.Effects)
        {
            var color = one.Direction switch
            {
                KeyEffectDirection.Narrows => Color.Red,
                KeyEffectDirection.Widens => Color.Green,
                _ => Color.Default,
            };
            Line(console, $"  {one.Text}  ({string.Join(", ", one.SampleKeyIds)}{(one.Keys > one.SampleKeyIds.Count ? ", ..." : "")})", color);
        }

        if (effect.MoreEffects)
        {
            Line(console, "  and more than can be told", Color.Default);
        }
    }

    private static string Of(PolicyChange change)
    {
        string organization = change.OrgId.Length > 0 ? $"org {change.OrgId}, " : "";
        return change.Kind == PolicyChangeKind.Created && change.KeysUsing == 0
            ? $"  ({organization}new)"
            : string.Create(CultureInfo.InvariantCulture, $"  ({organization}{change.KeysUsing} {(change.KeysUsing == 1 ? "key" : "keys")})");
    }

    private static string Sentence(PolicyFieldChange field)
    {
        if (field.Field == Hidden || field.Field.StartsWith(Hidden + ".", StringComparison.Ordinal))
        {
            return $"{field.Field}: {(!field.HasBefore ? "added" : field.HasAfter ? "changed" : "removed")} (its values are not shown)";
        }

        return (field.HasBefore, field.HasAfter) switch
        {
            (false, _) => $"{field.Field}: {Short(field.After)}",
            (_, false) => $"{field.Field}: {Short(field.Before)} -> not set",
            _ => $"{field.Field}: {Short(field.Before)} -> {Short(field.After)}",
        };
    }

    private static string Short(string value) => value.Length <= LongestValue ? value : string.Concat(value.AsSpan(0, LongestValue - 3), "...");

    private static void Line(IAnsiConsole console, string text, Color color) => console.Write(new Text(text + "\n", new Style(color)));
}
