namespace Decision.Engine.Paths;

/// <summary>How the text of a path pattern is read.</summary>
public enum UrlMatching
{
    /// <summary>
    /// A pattern that begins with <c>/</c> matches whole segments from the start of the path; regular expressions are taken as written. The default.
    /// </summary>
    Segments,

    /// <summary>Every pattern is a regular expression that may match anywhere in the whole path, as Tyk does without prefix matching.</summary>
    Tyk,
}
