using System.Collections.Immutable;

namespace Decision.Engine.Signatures;

/// <summary>The parameter <c>headers</c>: names separated by white space.</summary>
internal static class SignedHeaderList
{
    /// <summary>What is signed where the client lists nothing.</summary>
    public static readonly ImmutableArray<string> Default = [StringToSign.Date];

    /// <summary>The names in lower case and in order; a name listed twice is refused, as is an empty list.</summary>
    public static bool TryRead(string? list, out IReadOnlyList<string> names, out string? problem)
    {
        names = Default;
        problem = null;
        if (list is null)
        {
            return true;
        }

        string[] listed = list.ToLowerInvariant().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (listed.Length is 0 or > HttpSignature.MaximumHeaders)
        {
            problem = listed.Length == 0
                ? "The parameter headers is empty: list what is signed, or leave it out to sign the date."
                : $"The parameter headers lists {listed.Length} headers; at most {HttpSignature.MaximumHeaders} can be signed.";
            return false;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in listed)
        {
            if (name != StringToSign.RequestTarget && !HttpToken.IsToken(name))
            {
                problem = "The parameter headers lists something that is neither a header's name nor (request-target).";
                return false;
            }

            if (!seen.Add(name))
            {
                problem = $"The parameter headers lists {(name.Length <= 64 ? name : "a header")} twice.";
                return false;
            }
        }

        names = ImmutableArray.Create(listed);
        return true;
    }
}
