namespace Decision.Client.Calls;

/// <summary>An answer, or why there is none; one of the two.</summary>
internal readonly record struct CallOutcome<TResponse>(TResponse? Response, ServiceFailure? Failure)
    where TResponse : class;
