-- Decides a batch of spendings: each all or nothing, one after the other, in one atomic step on this server's clock.
--   KEYS     of each spending: its subjects; then the place of its answer, where it has an idempotency key
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[2]  of each spending one byte: how many ask for it
--   ARGV[n]  one spending, as SpendingWriter writes it
-- Answers one string: the moment; then of each spending, until all who ask have an answer, for how many the next answer is, a status and what
-- belongs to it, as SpendingReply reads it.
local DONE, CHANGED, CONFLICT, REPLAY, WINDOW, STEPS, FOREIGN, DAMAGED = 0, 1, 2, 3, 4, 5, 8, 9
local char = string.char
local DONE_BYTE, STEPS_BYTE, HEADER, LIFETIME = char(DONE), char(STEPS), 17, 60000000
local test, test_charge, spend = limits.test, limits.test_charge, limits.spend

-- What the batch has read, by the name of the hash: a spending sees what the one before it spent.
local subjects, changed, answers, keys

-- Spendings as they are read: whole, as those of one key are the same, and without the key's version, as those of one policy are. Where this is
-- a function of Redis they are kept from call to call.
local MOST_KEPT = 4096
local orders, plans, kept_count = {}, {}, 0

-- From the first spend of a spending to its last a fault leaves the batch half done in memory.
local is_spending = false

-- Of each subject whose it is, the counters that it has here and their fields; the charges; the cost of each where they differ.
local function read_plan(bytes, has_costs)
  local subject_count, charge_count, at = sunpack('<BB', bytes)
  local plan = {subjects = {}, limits = {}, adds_up = true}
  for place = 1, subject_count do
    local kind, length, after = sunpack('<BH', bytes, at)
    plan.subjects[place] = {kind = kind, id = sub(bytes, after, after + length - 1), names = {}, fields = {}}
    at = after + length
  end
  for index = 1, charge_count do
    local l
    l, at = limits.read_charge(bytes, at)
    local wanted = plan.subjects[l.subject + 1]
    plan.limits[index] = l
    -- Of a bucket the time until it is full follows from each unit; of all others it is the same whatever is spent at one moment.
    plan.adds_up = plan.adds_up and l.k ~= BUCKET
    wanted.names[#wanted.names + 1], wanted.fields[#wanted.fields + 1] = l.name, 'c/' .. l.name
  end
  if has_costs then
    plan.costs = {}
    for index = 1, charge_count do
      plan.costs[index], at = sunpack('<d', bytes, at)
    end
  end
  plan.at = at
  return plan
end

-- Flags: 1 = test only, 2 = the first subject is a key whose version must be the given one, 4 = has an idempotency key, 8 = tell states too,
-- 16 = each charge has a cost of its own.
local function read_order(bytes)
  local flags, cost, version = sunpack('<Bdc8', bytes)
  local rest = sub(bytes, HEADER + 1)
  local plan = flags < 4 and plans[rest]
  if not plan then
    plan = read_plan(rest, flags >= 16)
    if flags < 4 then plans[rest] = plan end
  end
  local order = {
    plan = plan, cost = cost, version = flags % 4 >= 2 and version,
    is_peek = flags % 2 == 1, is_named = flags % 8 >= 4, tells = flags % 16 >= 8,
  }
  if kept_count == MOST_KEPT then orders, plans, kept_count = {}, {}, 0 end
  orders[bytes], kept_count = order, kept_count + 1
  return order
end

-- Reads what a spending needs of a hash and the batch does not have yet.
local function load_subject(key, wanted)
  local held = subjects[key]
  if not held then
    local values = call('HMGET', key, 'v', 'x', 'l', unpack(wanted.fields))
    held = {key = key, version = values[1], kept = values[2] and sunpack('<d', values[2]), counters = {}, id = ''}
    held.leases = values[3] and leases.read(values[3])
    subjects[key] = held
    for index = 1, #wanted.names do
      local name = wanted.names[index]
      held.counters[name] = {key = key, name = name, field = wanted.fields[index], bytes = values[index + 3]}
    end
  else
    for index = 1, #wanted.names do
      local name, field = wanted.names[index], wanted.fields[index]
      if not held.counters[name] then
        held.counters[name] = {key = key, name = name, field = field, bytes = call('HGET', key, field)}
      end
    end
  end
  held.wanted = wanted
  if not held.version and held.id == '' then
    -- A hash without a record must tell whose it is.
    held.kind, held.id = wanted.kind, wanted.id
  end
  return held
end

-- Used again by every spending: its subjects, counters and states, and what the tests said.
local own, counters, states = {}, {}, {}
local refusals, uses, resets, retries, moments, outs, ends = {}, {}, {}, {}, {}, {}, {}

-- Notes that a subject is to be written, with a counter or nil.
local function change(held, counter)
  local list = held.changed
  if not list then
    list = {}
    held.changed = list
    changed[#changed + 1] = held
  end
  if counter and not counter.is_changed then
    counter.is_changed = true
    list[#list + 1] = counter
  end
end

-- Counts leases of a charge that are over.
local function settle(held, counter, l, s, moment)
  -- What is damaged shows here, before anything is changed.
  test(counter, l, limits.under(counter, l, s), 0, moment)
  is_spending = true
  s, held.leases = leases.settle(held.leases, counter, l, s, now)
  held.leases_changed, counter.s, counter.has_settled = true, s, true
  change(held, s and counter)
  is_spending = false
  return s
end

-- What the counter of each charge held and holds now, for giveback.lua; empty where it was not spent, where entries
-- that lie apart changed too, or where ended leases were counted as well: what it held before that is not what it is to hold again.
local function tell_states(charge_count)
  local parts = {}
  for index = 1, charge_count do
    local counter = counters[index]
    local s = counter.is_changed and counter.s
    local before, after = '', ''
    if s and not counter.has_settled and not (s.put or s.del or (s.before and s.before.tc and s.before.tc > s.before.hc)) then
      before, after = counter.bytes or '', limits.pack(s)
    end
    parts[index] = spack('<H', #before) .. before .. spack('<H', #after) .. after
  end
  return table.concat(parts)
end

-- The answer that an idempotency key was given before; else nil, its place, the request and the charges to be told again.
local function find_answer(bytes, plan, answer_key)
  local request, length, at = sunpack('<c8I4', bytes, HEADER + plan.at)
  local known = answers[answer_key] or call('GET', answer_key)
  if known then
    local stamp, other, rest = sunpack('<dc8', known)
    if now - stamp < LIFETIME then
      if other ~= request then return spack('<B', CONFLICT) end
      return spack('<B', REPLAY) .. sub(known, rest)
    end
  end
  return nil, request, sub(bytes, at, at + length - 1)
end

-- Decides a spending, or as many of the same as are asked for, if all of them fit; nil = they do not, and nothing is spent. Answers also whether it
-- was spent.
local function decide(order, bytes, first_key, times)
  local plan, cost, is_peek = order.plan, order.cost * times, order.is_peek
  local charges, costs, wanted = plan.limits, plan.costs, plan.subjects
  for index = 1, #wanted do
    local key = keys[first_key + index - 1]
    local held = subjects[key]
    if not held or held.wanted ~= wanted[index] then held = load_subject(key, wanted[index]) end
    own[index] = held
  end
  if order.version and own[1].version ~= order.version then return spack('<B', CHANGED) end

  local answer_key, request, description
  if order.is_named then
    local known
    answer_key = keys[first_key + #wanted]
    known, request, description = find_answer(bytes, plan, answer_key)
    if known then return known end
  end

  local enforced_fit, shadows_fit = true, true
  for index = 1, #charges do
    local l = charges[index]
    local held = own[l.subject + 1]
    local counter = held.counters[l.name]
    -- A counter's state is read when it is first asked for; what is damaged fails the spendings that need it, and no other.
    local s = counter.s
    if not s and not counter.is_read then
      s = limits.state_of(l, counter.bytes)
      counter.s, counter.is_read = s, true
    end
    local moment, needed = limits.moment_of(l, s, now)
    if not moment then return spack('<BBd', WINDOW, index - 1, needed) end
    local out, last = 0, 0
    if held.leases then
      local has_ended
      out, last, has_ended = leases.reserved(held.leases, l.name, now)
      if has_ended then s = settle(held, counter, l, s, moment) end
    end
    s = limits.under(counter, l, s)
    local refused
    refused, uses[index], resets[index], retries[index] = test_charge(counter, l, s, costs and costs[index] * times or cost, moment, out, last)
    refusals[index], counters[index], states[index], moments[index], outs[index], ends[index] = refused, counter, s, moment, out, last
    if refused then
      if l.shadow then shadows_fit = false else enforced_fit = false end
    end
  end

  if times > 1 and not (enforced_fit and shadows_fit) then return nil end

  is_spending = true
  local outcomes, spends = times > 1 and STEPS_BYTE or DONE_BYTE, enforced_fit and not is_peek
  for index = 1, #charges do
    local l, s, counter, moment = charges[index], states[index], counters[index], moments[index]
    if spends and (shadows_fit or not l.shadow) then
      counter.s = spend(counter, l, s, costs and costs[index] * times or cost, moment)
      if not counter.is_changed then change(own[l.subject + 1], counter) end
    elseif not refusals[index] then
      -- It would fit, but nothing is spent: the numbers are told as they are.
      local _
      _, uses[index], resets[index], retries[index] = test_charge(counter, l, s, 0, moment, outs[index], ends[index])
    end
    outcomes = outcomes .. spack('<Bdddd', refusals[index] and 1 or 0, uses[index], resets[index], retries[index], moment)
  end

  is_spending = false
  if answer_key and not is_peek then
    answers[answer_key] = spack('<dc8I4', now, request, #description) .. description .. sub(outcomes, 2)
    answers[#answers + 1] = answer_key
  end
  return order.tells and outcomes .. tell_states(#charges) or outcomes, spends
end

-- As decide; what a spending fails of is its answer.
local function answer(order, bytes, first_key, times)
  local fine, reply, is_spent = pcall(decide, order, bytes, first_key, times)
  if fine then return reply, is_spent end

  -- Nothing of the batch is written yet, so that it can fail as a whole.
  local told = type(reply) == 'table' and reply.err or reply
  local is_foreign = string.find(told, 'WRONGTYPE', 1, true)
  if is_spending or not (is_foreign or string.find(told, 'damaged', 1, true)) then error(reply, 0) end
  return spack('<B', is_foreign and FOREIGN or DAMAGED), false
end

-- Answers all who ask for a spending.
local function answer_all(order, bytes, first_key, asking, replies)
  if asking > 1 and order.plan.adds_up and not order.is_peek then
    local reply = answer(order, bytes, first_key, asking)
    if reply then
      replies[#replies + 1], replies[#replies + 2] = char(asking), reply
      return
    end
  end
  while asking > 0 do
    local reply, is_spent = answer(order, bytes, first_key, 1)
    -- Where nothing was spent, the others find what this one found.
    local count = is_spent and 1 or asking
    replies[#replies + 1], replies[#replies + 2] = char(count), reply
    asking = asking - count
  end
end

-- Writes what the batch changed.
local function write()
  for index = 1, #changed do
    local held = changed[index]
    local sets, dels, idle, always = {}, {}, 0, false
    for each = 1, #held.changed do
      local counter = held.changed[each]
      limits.collect(counter, sets, dels)
      if not held.version then
        local at = limits.idle_at(counter.s)
        if at then idle = max(idle, at) else always = true end
      end
    end
    if not held.version and not held.kept and held.id ~= '' then
      sets[#sets + 1], sets[#sets + 2] = 's', char(held.kind) .. held.id
    end
    if held.leases_changed then
      if #held.leases > 0 then
        sets[#sets + 1], sets[#sets + 2] = 'l', leases.write(held.leases)
      else
        dels[#dels + 1] = 'l'
      end
    end
    if #dels > 0 then call('HDEL', held.key, unpack(dels)) end
    if #sets > 0 then call('HSET', held.key, unpack(sets)) end
    if not held.version then
      local kept = limits.keep(held.key, held.kept, (not always) and idle or nil, now)
      if kept then call('HSET', held.key, 'x', spack('<d', kept)) end
    end
  end
  for index = 1, #answers do
    call('SET', answers[index], answers[answers[index]], 'PX', 61000)
  end
end

local function decide_all(its_keys, arguments)
  subjects, changed, answers, keys, is_spending = {}, {}, {}, its_keys, false
  begin(arguments[1])
  local replies, first_key, asking = {spack('<d', now)}, 1, arguments[2]
  for index = 3, #arguments do
    local bytes = arguments[index]
    local order = orders[bytes] or read_order(bytes)
    answer_all(order, bytes, first_key, byte(asking, index - 2), replies)
    first_key = first_key + #order.plan.subjects + (order.is_named and 1 or 0)
  end
  write()
  return table.concat(replies)
end
