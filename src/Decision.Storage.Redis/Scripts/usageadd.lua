-- Adds a batch of counts to the hours of days, once.
-- KEYS[1]  that the batch was added
-- KEYS[n]  hashes of a kind and day: id -> hours, packed as Decision.Runtime's UsageHours has them
-- ARGV[1]  seconds that KEYS[1] is kept
-- ARGV[2]  seconds that a hash is kept after its last write
-- ARGV[3]  ids that a hash has at most; what comes after goes to the id *
-- ARGV[..] for each count five: the place of its hash in KEYS, id, hour of the day, allowed, refused
-- Returns 1, or 0 where the batch was added before.
if not redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then
  return 0
end

local size = 13
local largest = 281474976710655
local most = tonumber(ARGV[3])
for at = 4, #ARGV, 5 do
  local name, id, hour = KEYS[tonumber(ARGV[at])], ARGV[at + 1], tonumber(ARGV[at + 2])
  local packed = redis.call('HGET', name, id)
  if not packed and redis.call('HLEN', name) >= most then
    id = '*'
    packed = redis.call('HGET', name, id)
  end
  packed = packed or ''
  local place = 1
  while place <= #packed and string.byte(packed, place) ~= hour do
    place = place + size
  end
  local allowed, refused = 0, 0
  if place <= #packed then
    allowed, refused = struct.unpack('>I6I6', packed, place + 1)
  end
  allowed = math.min(allowed + tonumber(ARGV[at + 3]), largest)
  refused = math.min(refused + tonumber(ARGV[at + 4]), largest)
  packed = string.sub(packed, 1, place - 1) .. struct.pack('>BI6I6', hour, allowed, refused) .. string.sub(packed, place + size)
  redis.call('HSET', name, id, packed)
end

for place = 2, #KEYS do
  redis.call('EXPIRE', KEYS[place], ARGV[2])
end
return 1
