using Decision.Engine;

namespace Decision.Runtime.Decisions;

/// <summary>Makes of a verdict what its caller wants.</summary>
/// <param name="verdict">The verdict, which is not to be kept.</param>
/// <typeparam name="T">What the caller wants.</typeparam>
public delegate T VerdictReader<out T>(in Verdict verdict);
