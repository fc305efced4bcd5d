using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Json;

public sealed class RoundTripProperties
{
    [Property(MaxTest = 300)]
    public void Policy_written_and_read_is_the_same(int seed)
    {
        var policy = new Maker(seed).Policy();
        var findings = new FindingList();

        var text = Shape.Write(writer => PolicyJson.Write(writer, policy));
        var read = PolicyJson.Read(Shape.Element(text), null, findings)!;

        Assert.False(findings.HasErrors);
        Assert.Equal(Shape.Of(policy), Shape.Of(read));
        Assert.Equal(text, Shape.Write(writer => PolicyJson.Write(writer, read)));
    }

    [Property(MaxTest = 300)]
    public void Key_written_and_read_is_the_same(int seed)
    {
        var key = new Maker(seed).Key();
        var findings = new FindingList();

        var text = Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: true));
        var read = KeyJson.Read(Shape.Element(text), findings, isStored: true)!;

        Assert.False(findings.HasErrors);
        Assert.Equal(Shape.Of(key), Shape.Of(read));
        Assert.Equal(text, Shape.Write(writer => KeyJson.Write(writer, read, withSecrets: true)));
    }

    [Property(MaxTest = 2000)]
    public void Damaged_text_is_refused_with_a_finding_or_read(int seed)
    {
        var random = new Random(seed);
        var text = Encoding.UTF8.GetBytes(PolicyJsonTests.Full);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text[at] = (byte)random.Next(256);
                    break;
                case 1:
                    text = [.. text[..at], .. "\"{}[],:0-e\\"u8[random.Next(11)..], .. text[at..]];
                    break;
                default:
                    text = [.. text[..at], .. text[Math.Min(text.Length, at + random.Next(1, 9))..]];
                    break;
            }
        }

        var findings = new FindingList();
        var policies = PolicyDocument.ReadDirectoryFile(text, "p.json", findings);

        Assert.Equal(findings.HasErrors, policies is null);
    }

    /// <summary>Makes records of every field from a seed.</summary>
    private sealed class Maker(int seed)
    {
        private readonly Random _random = new(seed);

        public Policy Policy() => new()
        {
            Id = "p" + Text(),
            ObjectId = Text(),
            Name = Text(),
            OrganizationId = Text(),
            Limits = Limits(),
            AccessRights = Rights(),
            Partitions = new Partitions(Flag(), Flag(), Flag(), Flag(), Flag()),
            HmacEnabled = Flag(),
            EnableHttpSignatureValidation = Flag(),
            Active = _random.Next(3) switch { 0 => null, 1 => true, _ => false },
            IsInactive = Flag(),
            Tags = Texts(),
            KeyExpiresIn = Integer(),
            PostExpiryAction = Text(),
            PostExpiryGracePeriod = Integer(),
            LastUpdated = Text(),
            Metadata = Members(),
            AllowedIps = Texts(),
            Behavior = Behavior(),
            ExtraFields = Extra("partitions", "smoothing"),
        };

        public Key Key() => new()
        {
            Id = Text(),
            OrganizationId = Text(),
            Alias = Text(),
            Limits = Limits(),
            AccessRights = Rights(),
            ApplyPolicies = Texts(),
            Tags = Texts(),
            Metadata = Members(),
            Expires = Integer(),
            IsTrialSettled = Flag(),
            DateCreatedUs = Flag() ? 0 : _random.NextInt64(-60_000_000_000_000_000, 250_000_000_000_000_000),
            IsInactive = Flag(),
            HmacEnabled = Flag(),
            EnableHttpSignatureValidation = Flag(),
            HmacString = Text(),
            AllowedIps = Texts(),
            Behavior = Behavior(),
            SessionLifetime = Integer(),
            PostExpiryAction = Text(),
            PostExpiryGracePeriod = Integer(),
            LastUpdated = Text(),
            MonitorTriggerLimits = Many(Number),
            ExtraFields = Extra("monitor", "basic_auth_data", "jwt_data", "smoothing"),
        };

        private bool Flag() => _random.Next(2) == 0;

        private long Integer() => _random.Next(4) switch { 0 => 0, 1 => -1, 2 => _random.Next(1000), _ => _random.NextInt64(long.MinValue, long.MaxValue) };

        private double Number() => _random.Next(5) switch
        {
            0 => 0,
            1 => -1,
            2 => _random.Next(1000),
            3 => _random.NextDouble(),
            _ => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-300, 300)),
        };

        private string Text() => _random.Next(4) switch
        {
            0 => "",
            1 => "gold",
            2 => "\"\\\n\u0000<é\u2028😀",
            _ => new string([.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => (char)_random.Next(32, 0xD7FF))]),
        };

        private ImmutableArray<string> Texts() => Many(Text);

        private ImmutableArray<T> Many<T>(Func<T> make) => [.. Enumerable.Range(0, _random.Next(3)).Select(_ => make())];

        private T? Word<T>()
            where T : struct, Enum => Flag() ? null : Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

        private JsonElement Free() => Shape.Element(_random.Next(5) switch
        {
            0 => "null",
            1 => "1e3",
            2 => JsonSerializer.Serialize(Text()),
            3 => """{"b":[1,{"a":null}],"a":1.50}""",
            _ => "[]",
        });

        private ImmutableSortedDictionary<string, JsonElement> Members()
        {
            var members = ImmutableSortedDictionary<string, JsonElement>.Empty.WithComparers(StringComparer.Ordinal);
            foreach (var name in Texts())
            {
                members = members.SetItem("x-" + name, Free());
            }

            return members;
        }

        private ImmutableSortedDictionary<string, JsonElement> Extra(params string[] inner)
        {
            var extra = Members();
            foreach (var name in inner.Where(_ => Flag()))
            {
                extra = extra.SetItem(name, Shape.Element("""{"unknown":1}"""));
            }

            return extra;
        }

        private RateSettings Rate() => new(Number(), Number(), Word<RateAlgorithm>(), Integer());

        private LimitSettings Limits() => Flag()
            ? LimitSettings.None
            : new LimitSettings
            {
                Rate = Rate(),
                Quota = new QuotaSettings(Integer(), Integer(), Word<QuotaPeriod>(), Text()),
                ThrottleInterval = Number(),
                ThrottleRetryLimit = _random.Next(-1, 9),
                MaxQueryDepth = _random.Next(-1, 9),
                Smoothing = Flag() ? null : new SmoothingSettings(true, Integer(), Number(), Integer(), Integer()),
            };

        private LimitBehavior Behavior() =>
            new(Word<StoreFailureMode>(), Word<StoreFailureMode>(), Word<StoreFailureMode>(), Word<LimitsMode>(), Word<Enforcement>());

        private ImmutableSortedDictionary<string, AccessRight> Rights()
        {
            var rights = ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal);
            foreach (var id in Texts())
            {
                rights = rights.SetItem(id, Right());
            }

            return rights;
        }

        private AccessRight Right() => new()
        {
            ApiId = Text(),
            ApiName = Text(),
            Versions = Texts(),
            AllowedUrls = Many(() => new AllowedUrl(Text(), Texts()) { ExtraFields = Members() }),
            RestrictedTypes = Many(() => new GraphType(Text(), Texts()) { ExtraFields = Members() }),
            AllowedTypes = Many(() => new GraphType(Text(), Texts())),
            FieldAccessRights = Many(() => new FieldAccessRight(Text(), Text(), _random.Next(-1, 9)) { ExtraFields = Extra("limits") }),
            DisableIntrospection = Flag(),
            Limit = Flag() ? null : Limits() with { MaxQueryDepth = 3, ExtraFields = Extra("smoothing") },
            AllowanceScope = Text(),
            Endpoints = Many(() => new EndpointRight(Text(), Many(() => new EndpointMethod(Text(), Rate()) { ExtraFields = Extra("limit") })) { ExtraFields = Members() }),
            ExtraFields = Members(),
        };
    }
}
