using Decision.Engine.Findings;

namespace Decision.Server.TykApi.Answers;

/// <summary>A body is no JSON, or has a field of a wrong type.</summary>
internal sealed class MalformedBodyException(IEnumerable<Finding> findings) : Exception(Sentences.Join(findings));
