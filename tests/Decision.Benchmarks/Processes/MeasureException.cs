namespace Decision.Benchmarks.Processes;

/// <summary>Something that is measured, or that measures, does not do what it must: no figure is given.</summary>
internal sealed class MeasureException(string message) : Exception(message);
