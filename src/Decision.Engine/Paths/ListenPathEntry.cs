namespace Decision.Engine.Paths;

/// <summary>Where one API of the registry listens.</summary>
/// <param name="Name">The id of the API, for the sentences about problems.</param>
/// <param name="Hosts">Host names without a scheme; a port is ignored. None = any host.</param>
/// <param name="ListenPath">Literal path, with or without a last <c>/</c>; <c>/</c> is everything.</param>
/// <param name="Value">What is found.</param>
public readonly record struct ListenPathEntry<T>(string Name, IReadOnlyList<string> Hosts, string ListenPath, T Value);
