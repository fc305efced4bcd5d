using Spectre.Console;
using Spectre.Console.Rendering;

namespace Decision.Cli.Results;

/// <summary>Tables: columns without lines, so that they can be copied and cut. Texts are taken as they are, never as markup.</summary>
internal static class Tables
{
    public static Table Create(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        for (int i = 0; i < columns.Length; i++)
        {
            table.AddColumn(new TableColumn(new Text(columns[i], new Style(decoration: Decoration.Bold))).NoWrap().PadLeft(0).PadRight(2));
        }

        return table;
    }

    /// <summary>Writes a table. Where the terminal is too narrow its lines are longer than that: ids that are cut or torn apart are of no use.</summary>
    public static void WriteTable(this IAnsiConsole console, Table table)
    {
        int width = console.Profile.Width;
        console.Profile.Width = Math.Max(width, ((IRenderable)table).Measure(RenderOptions.Create(console), int.MaxValue).Max);
        console.Write(table);
        console.Profile.Width = width;
    }

    public static Table Row(this Table table, params ReadOnlySpan<string> cells)
    {
        var row = new List<Text>(cells.Length);
        foreach (string cell in cells)
        {
            row.Add(new Text(cell));
        }

        table.AddRow(row);
        return table;
    }

    /// <summary>Names and values, those without a value left out.</summary>
    public static Grid Fields(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().PadLeft(0));
        foreach (var (name, value) in fields)
        {
            if (!string.IsNullOrEmpty(value))
            {
                grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
            }
        }

        return grid;
    }
}
