using MudBlazor;

namespace Decision.Console.Components.Layout;

/// <summary>The component library's colours and type, the same as in console.css.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2b59c3",
            PrimaryContrastText = "#ffffff",
            Background = "#f6f7f9",
            Surface = "#ffffff",
            TextPrimary = "#1b2330",
            TextSecondary = "#566072",
            ActionDefault = "#465063",
            LinesDefault = "#e1e5eb",
            Divider = "#e1e5eb",
            Success = "#17734a",
            Error = "#b8252b",
            Warning = "#8a5700",
            Info = "#2b59c3",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#93b4ff",
            PrimaryContrastText = "#0c1326",
            Background = "#11141a",
            Surface = "#191d25",
            TextPrimary = "#e7eaf0",
            TextSecondary = "#a4aebf",
            ActionDefault = "#b9c2d1",
            LinesDefault = "#2c323d",
            Divider = "#2c323d",
            Success = "#66d19e",
            Error = "#ff9a96",
            Warning = "#efc476",
            Info = "#93b4ff",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "14px", LineHeight = "1.45" },
            H6 = new H6Typography { FontFamily = Sans, FontSize = "16px", FontWeight = "600" },
            Body1 = new Body1Typography { FontFamily = Sans, FontSize = "14px" },
            Body2 = new Body2Typography { FontFamily = Sans, FontSize = "13px" },
            Button = new ButtonTypography { FontFamily = Sans, FontSize = "13px", FontWeight = "600", TextTransform = "none", LetterSpacing = "0" },
        },
    };
}
