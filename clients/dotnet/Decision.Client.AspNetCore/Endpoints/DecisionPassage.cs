namespace Decision.Client.AspNetCore.Endpoints;

/// <summary>In the features of each request that the middleware saw. Where it is missing, an endpoint that requires a decision refuses to run.</summary>
internal sealed class DecisionPassage
{
    public static DecisionPassage Seen { get; } = new();
}
