using System.Diagnostics.CodeAnalysis;

namespace Decision.Engine.Paths;

/// <summary>Endpoints in the order of their list; the first that has the method and matches the path counts.</summary>
/// <remarks>Methods compare in any case. Each entry is tried on the path below the listen path, then on the whole path, before the next entry is.
/// Nothing is allocated by a search.</remarks>
public sealed class EndpointTable<T>
{
    private readonly MethodEndpoints[] _methods;

    internal EndpointTable(Dictionary<string, List<(PathPattern Pattern, T Value)>> methods) =>
        _methods = [.. methods.Select(one => new MethodEndpoints(one.Key, [.. one.Value]))];

    /// <summary>No endpoints.</summary>
    internal static EndpointTable<T> None { get; } = new([]);

    /// <summary>Whether nothing can be found.</summary>
    public bool IsEmpty => _methods.Length == 0;

    /// <summary>Finds what holds for a request.</summary>
    public bool TryFind(string method, MatchPath path, [MaybeNullWhen(false)] out T value)
    {
        foreach (var one in _methods)
        {
            if (!string.Equals(one.Method, method, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var endpoint in one.Endpoints)
            {
                if (endpoint.Pattern.IsMatch(path))
                {
                    value = endpoint.Value;
                    return true;
                }
            }

            break;
        }

        value = default;
        return false;
    }

    private readonly record struct MethodEndpoints(string Method, (PathPattern Pattern, T Value)[] Endpoints);
}
