using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Json;
using Decision.Server.Grpc.Admin;
using FsCheck.Xunit;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Tests.Admin;

public class MappingTests
{
    private static readonly JsonFormatter ProtoJson = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    [Property]
    public void ToMessage_of_a_mapped_policy_is_the_policy(int seed)
    {
        var policy = new ValidMessages(seed).Policy();

        Assert.Equal(policy, PolicyMapping.ToMessage(PolicyMapping.ToModel(policy, Clean())));
    }

    [Property]
    public void ToMessage_of_a_mapped_key_is_the_key(int seed)
    {
        var key = new ValidMessages(seed).Key();

        Assert.Equal(key, KeyMapping.ToMessage(KeyMapping.ToModel(key, Clean())));
    }

    [Property]
    public void ToMessage_of_a_mapped_api_is_the_api(int seed)
    {
        var api = new ValidMessages(seed).Api();

        Assert.Equal(api, ApiMapping.ToMessage(ApiMapping.ToModel(api, Clean())));
    }

    [Property]
    public void ToMessage_of_a_mapped_organisation_is_the_organisation(int seed)
    {
        var organization = new ValidMessages(seed).Organization();

        Assert.Equal(organization, OrganizationMapping.ToMessage(OrganizationMapping.ToModel(organization, Clean())));
    }

    [Property]
    public void ToModel_of_a_policy_is_what_its_file_would_say(int seed)
    {
        var message = new ValidMessages(seed).Policy();
        var policy = PolicyMapping.ToModel(message, Clean());

        AssertSame(FileForm(message), Written(writer => PolicyJson.Write(writer, policy)), "");
    }

    [Property]
    public void ToModel_of_a_key_is_what_its_session_object_would_say(int seed)
    {
        var message = new ValidMessages(seed).Key();
        var key = KeyMapping.ToModel(message, Clean());

        AssertSame(FileForm(message), Written(writer => KeyJson.Write(writer, key, withSecrets: false)), "");
    }

    [Theory]
    [InlineData("rate_algorithm", "sliding", "expected one of sliding_log, token_bucket, fixed_window, sliding_window, got \"sliding\".")]
    [InlineData("quota_period", "year", "expected one of rolling, hour, day, week, month, got \"year\".")]
    [InlineData("on_store_failure", "panic", "expected one of deny, local, allow, got \"panic\".")]
    [InlineData("on_store_failure_rate", "panic", "expected one of deny, local, allow, got \"panic\".")]
    [InlineData("on_store_failure_quota", "panic", "expected one of deny, local, allow, got \"panic\".")]
    [InlineData("limits_mode", "loose", "expected one of exact, leased, got \"loose\".")]
    [InlineData("enforcement", "off", "expected one of enforce, shadow, got \"off\".")]
    public void ToModel_word_outside_its_set_is_a_finding(string field, string word, string expected)
    {
        var policy = new Policy();
        Policy.Descriptor.FindFieldByName(field).Accessor.SetValue(policy, word);
        var findings = new FieldFindings("policy");

        PolicyMapping.ToModel(policy, findings);

        Assert.Equal((field, expected), (Assert.Single(findings.List).Field, findings.List[0].Message));
    }

    [Fact]
    public void ToModel_numbers_that_JSON_does_not_have_are_findings_with_their_paths()
    {
        var findings = new FieldFindings("policy");

        PolicyMapping.ToModel(
            new Policy
            {
                MetaData = new Struct { Fields = { ["a"] = Value.ForList(Value.ForNumber(1), Value.ForNumber(double.NaN)) } },
                Smoothing = new Smoothing { Trigger = double.PositiveInfinity },
                ExtraFields = new Struct { Fields = { ["b"] = Value.ForStruct(new Struct { Fields = { ["c"] = Value.ForNumber(double.NegativeInfinity) } }) } },
            },
            findings);

        Assert.Equal(
            ["extra_fields.b.c", "meta_data.a[1]", "smoothing.trigger"], findings.List.Select(finding => finding.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToModel_value_without_a_kind_is_a_finding()
    {
        var findings = new FieldFindings("key");

        KeyMapping.ToModel(new Key { MetaData = new Struct { Fields = { ["a"] = new Value() } } }, findings);

        Assert.Equal("meta_data.a", Assert.Single(findings.List).Field);
    }

    [Theory]
    [InlineData(48, true)]
    [InlineData(49, false)]
    public void ToModel_nesting_has_a_bound(int depth, bool isAccepted)
    {
        var value = Value.ForBool(true);
        for (int level = 0; level < depth; level++)
        {
            value = level % 2 == 0 ? Value.ForList(value) : Value.ForStruct(new Struct { Fields = { ["a"] = value } });
        }

        var findings = new FieldFindings("policy");

        PolicyMapping.ToModel(new Policy { MetaData = new Struct { Fields = { ["deep"] = value } } }, findings);

        Assert.Equal(!isAccepted, findings.List.HasErrors);
    }

    [Fact]
    public void ToModel_unknown_fields_are_kept_and_warned_of_and_known_ones_are_refused_there()
    {
        var findings = new FieldFindings("policy");
        var extra = new Struct
        {
            Fields = { ["quota_maxx"] = Value.ForNumber(5), ["state"] = Value.ForString("active"), ["rate"] = Value.ForNumber(3) },
        };

        var policy = PolicyMapping.ToModel(new Policy { ExtraFields = extra }, findings);

        Assert.Equal(["quota_maxx", "state"], policy.ExtraFields.Keys);
        Assert.Equal(
            [
                "extra_fields.quota_maxx: is an unknown field; it is kept without effect. Did you mean quota_max?",
                "extra_fields.rate: has a field of its own in this message: write it there.",
            ],
            findings.List.Select(finding => $"{finding.Field}: {finding.Message}"));
    }

    [Fact]
    public void ToModel_unknown_fields_of_a_right_and_a_limit_keep_their_place()
    {
        var findings = new FieldFindings("policy");
        var message = new Policy
        {
            AccessRights =
            {
                ["orders"] = new AccessRight
                {
                    ExtraFields = new Struct { Fields = { ["set_by"] = Value.ForString("me"), ["odd"] = Value.ForNull() } },
                    Limit = new LimitBlock { ExtraFields = new Struct { Fields = { ["odder"] = Value.ForBool(true) } } },
                },
            },
        };

        Assert.Equal(message, PolicyMapping.ToMessage(PolicyMapping.ToModel(message, findings)));
        Assert.Equal(
            ["access_rights.orders.extra_fields.odd", "access_rights.orders.limit.extra_fields.odder"],
            findings.List.Select(finding => finding.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToModel_unknown_fields_of_the_entries_of_a_right_come_back_as_a_file_keeps_them()
    {
        const string File = """
            {"id":"gold","access_rights":{"orders":{"allowed_urls":[{"url":"/a","methods":["GET"],"note":"x","limits":4}],
            "restricted_types":[{"name":"Q","fields":["f"],"odd":1}],"allowed_types":[{"name":"R","fields":["g"],"odd":[2]}],
            "field_access_rights":[{"type_name":"Q","field_name":"f","limits":{"max_query_depth":3,"deep":true},"odd":{"a":1}}],
            "endpoints":[{"path":"/a","methods":[{"name":"GET","limit":{"rate":1,"per":2},"odd":"m"}],"odd":"e"}]}}}
            """;
        using var json = JsonDocument.Parse(File);
        var model = PolicyJson.Read(json.RootElement, null, [])!;
        var findings = new FieldFindings("policy");

        var back = PolicyMapping.ToModel(PolicyMapping.ToMessage(model), findings);

        Assert.Equal(Json(model), Json(back));
        Assert.Equal(
            [
                "access_rights.orders.allowed_types[0].extra_fields.odd",
                "access_rights.orders.allowed_urls[0].extra_fields.limits",
                "access_rights.orders.allowed_urls[0].extra_fields.note",
                "access_rights.orders.endpoints[0].extra_fields.odd",
                "access_rights.orders.endpoints[0].methods[0].extra_fields.odd",
                "access_rights.orders.field_access_rights[0].extra_fields.odd",
                "access_rights.orders.restricted_types[0].extra_fields.odd",
            ],
            findings.List.Select(finding => finding.Field).Order(StringComparer.Ordinal));
        Assert.False(findings.List.HasErrors);
        Assert.Contains("\"note\":\"x\"", Json(back), StringComparison.Ordinal);
        Assert.Contains("\"deep\":true", Json(back), StringComparison.Ordinal);

        static string Json(Decision.Engine.Policies.Policy policy)
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                PolicyJson.Write(writer, policy);
            }

            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    [Fact]
    public void ToModel_what_is_unknown_inside_limits_is_an_object()
    {
        var findings = new FieldFindings("policy");
        var right = new FieldAccessRight { ExtraFields = new Struct { Fields = { ["limits"] = Value.ForNumber(4) } } };

        PolicyMapping.ToModel(new Policy { AccessRights = { ["orders"] = new AccessRight { FieldAccessRights = { right } } } }, findings);

        Assert.Equal("access_rights.orders.field_access_rights[0].extra_fields.limits", Assert.Single(findings.List).Field);
        Assert.True(findings.List.HasErrors);
    }

    [Theory]
    [InlineData("url")]
    [InlineData("Methods")]
    public void ToModel_a_field_with_a_place_of_its_own_is_refused_among_an_entrys_unknown_ones(string name)
    {
        var findings = new FieldFindings("policy");
        var url = new AllowedUrl { Url = "/a", ExtraFields = new Struct { Fields = { [name] = Value.ForString("/b") } } };

        PolicyMapping.ToModel(new Policy { AccessRights = { ["orders"] = new AccessRight { AllowedUrls = { url } } } }, findings);

        Assert.Equal($"access_rights.orders.allowed_urls[0].extra_fields.{name}", Assert.Single(findings.List).Field);
        Assert.True(findings.List.HasErrors);
    }

    [Fact]
    public void ToModel_answers_that_come_back_are_not_read()
    {
        var key = KeyMapping.ToModel(
            new Key
            {
                KeyId = "abc",
                Allowance = 5,
                LastCheck = 6,
                QuotaRemaining = 7,
                QuotaRenews = 8,
                Etag = "e",
                LastUpdated = "9",
                DateCreated = new Timestamp { Seconds = 10 },
                KeyHashes = { new KeyHash { Hash = "h" } },
                AccessRights = { ["a"] = new AccessRight { AllowanceScope = "s", Limit = new LimitBlock { QuotaRemaining = 1, QuotaRenews = 2 } } },
            },
            new FieldFindings("key"));

        var expected = new Key { AccessRights = { ["a"] = new AccessRight() } };
        Assert.Equal(expected, KeyMapping.ToMessage(key));
    }

    [Fact]
    public void ToModel_single_policy_id_is_read_with_a_warning()
    {
        var findings = new FieldFindings("key");

        var key = KeyMapping.ToModel(new Key { ApplyPolicyId = "gold" }, findings);

        Assert.Equal(["gold"], key.ApplyPolicies);
        Assert.Equal("is deprecated: write apply_policies, a list of policy ids.", Assert.Single(findings.List).Message);
        Assert.False(findings.List.HasErrors);
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 1)]
    [InlineData(-5, -1)]
    public void ToModel_default_expiry_that_is_negative_or_no_whole_second_is_a_finding(long seconds, int nanos)
    {
        var findings = new FieldFindings("organization");

        OrganizationMapping.ToModel(new Organization { KeyDefaultExpiry = new Duration { Seconds = seconds, Nanos = nanos } }, findings);

        Assert.Equal("key_default_expiry", Assert.Single(findings.List).Field);
    }

    // Unknown fields of the generator are warned of, which is as it should be; errors are not.
    private static FieldFindings Clean() => new("test");

    private static JsonNode FileForm(IMessage message) => Flatten(JsonNode.Parse(ProtoJson.Format(message))!);

    // A file has unknown fields beside the others, and Tyk's names.
    private static JsonNode Flatten(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (string name in members.Select(member => member.Key).ToArray())
            {
                var value = members[name];
                if (name == "extra_fields")
                {
                    members.Remove(name);
                    foreach (var (extra, kept) in value!.AsObject().ToArray())
                    {
                        members[extra] = kept?.DeepClone();
                    }
                }
                else if (name == "object_id")
                {
                    members.Remove(name);
                    members["_id"] = value;
                }
                else if (value is not null && name is not ("meta_data" or "graphql_access_rights"))
                {
                    Flatten(value);
                }
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Flatten(item!);
            }
        }

        return node;
    }

    private static JsonNode Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return JsonNode.Parse(buffer.WrittenSpan)!;
    }

    private static void AssertSame(JsonNode? expected, JsonNode? actual, string path)
    {
        if (expected is JsonObject left && actual is JsonObject right)
        {
            Assert.Equal(left.Select(member => member.Key).Order(StringComparer.Ordinal), right.Select(member => member.Key).Order(StringComparer.Ordinal));
            foreach (var (name, value) in left)
            {
                AssertSame(value, right[name], $"{path}.{name}");
            }
        }
        else if (expected is JsonArray items && actual is JsonArray others)
        {
            Assert.Equal(items.Count, others.Count);
            for (int index = 0; index < items.Count; index++)
            {
                AssertSame(items[index], others[index], $"{path}[{index}]");
            }
        }
        else
        {
            // Proto JSON writes 64-bit integers in quotes.
            Assert.Equal((path, Plain(expected)), (path, Plain(actual)));
        }
    }

    private static string Plain(JsonNode? leaf) => leaf is null ? "null"
        : leaf.GetValueKind() == JsonValueKind.Number ? leaf.GetValue<double>().ToString("R", System.Globalization.CultureInfo.InvariantCulture)
        : leaf.ToString();
}
