using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Decision.Console.Sessions;

/// <summary>Where somebody wanted to go before the sign-in: a page of the console, never another place.</summary>
internal static class ReturnPath
{
    private const string Query = "?return=";
    private const int Longest = 300;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%/");

    /// <summary>The sign-in's query for a path below the console; empty = none is needed.</summary>
    public static string QueryFor(PathString path) => path.Value is null or "" or "/" ? "" : Query + Uri.EscapeDataString(path.ToUriComponent());

    /// <summary>The path to go to, relative to the console; a text that is none leads to the start.</summary>
    public static string Read(string? sent) =>
        sent is { Length: > 1 and < Longest } && sent[0] == '/' && sent[1] != '/' && !sent.AsSpan().ContainsAnyExcept(Characters) ? sent : "/";
}
