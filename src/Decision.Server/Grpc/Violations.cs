using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>Collects what is malformed in a call, so that the caller hears all of it at once.</summary>
internal struct Violations
{
    // They travel in the trailers, which some clients bound at 8 KiB.
    private const int MaximumListed = 24;
    private const int MaximumQuoted = 48;

    private BadRequest? _found;
    private int _unlisted;

    public readonly bool HasAny => _found is not null;

    public void Add(string field, string description)
    {
        _found ??= new BadRequest();
        if (_found.FieldViolations.Count == MaximumListed)
        {
            _unlisted++;
            return;
        }

        _found.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
    }

    /// <summary>INVALID_ARGUMENT where anything was found.</summary>
    public readonly void Throw()
    {
        if (_found is not null)
        {
            throw ToException();
        }
    }

    /// <summary>The first one as a sentence, and how many more there are. There must be one.</summary>
    public readonly string Summary
    {
        get
        {
            var first = _found!.FieldViolations[0];
            int others = _found.FieldViolations.Count - 1 + _unlisted;
            string more = others == 0 ? "" : others == 1 ? " (and one more)" : $" (and {others} more)";
            return $"{first.Field}: {first.Description}{more}";
        }
    }

    public readonly RpcException ToException() => new Google.Rpc.Status
    {
        Code = (int)Code.InvalidArgument,
        Message = Summary,
        Details = { Any.Pack(_found!) },
    }.ToRpcException();

    /// <summary>A value of the caller's, short enough for a sentence.</summary>
    public static string Quote(string value) =>
        value.Length <= MaximumQuoted ? $"'{value}'" : $"'{value.AsSpan(0, MaximumQuoted)}...' ({value.Length} characters)";
}
